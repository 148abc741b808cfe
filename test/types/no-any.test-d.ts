// What the functions of the library give is never `any`, nor has it any.
import { describe, expectTypeOf, it } from 'vitest';
import type { build } from '../../lib/build/index.js';
import type * as xml from '../../lib/xml/index.js';
import type { HasAny } from './has-any.js';

type Functions<T> = { [K in keyof T as T[K] extends (...args: never) => unknown ? K : never]: T[K] };

/** The functions whose results, or whose parameters, have `any` in them. */
type WithAny<T> = {
  [K in keyof Functions<T>]: Functions<T>[K] extends (...args: infer P) => infer R
    ? true extends HasAny<R> | HasAny<P>
      ? K
      : never
    : never;
}[keyof Functions<T>];

type Sample = {
  fine(a: string): { b: number };
  given(): { b?: readonly { c: ReturnType<typeof JSON.parse> }[] };
  taken(a: { b: ReturnType<typeof JSON.parse> }): void;
};

describe('no result and no parameter has any in it', () => {
  it('as can be told', () => {
    expectTypeOf<WithAny<Sample>>().toEqualTypeOf<'given' | 'taken'>();
  });

  it('of the functions for documents', () => {
    expectTypeOf<WithAny<typeof xml>>().toEqualTypeOf<never>();
    expectTypeOf<keyof Functions<typeof xml>>().not.toBeNever();
  });

  it('of the builders', () => {
    expectTypeOf<WithAny<typeof build.network>>().toEqualTypeOf<never>();
    expectTypeOf<WithAny<typeof build.nic>>().toEqualTypeOf<never>();
    expectTypeOf<WithAny<typeof build.hostInterface>>().toEqualTypeOf<never>();
    expectTypeOf<WithAny<typeof build.nodeDevice>>().toEqualTypeOf<never>();
    expectTypeOf<WithAny<typeof build>>().toEqualTypeOf<never>();
    expectTypeOf<keyof Functions<typeof build.nic>>().not.toBeNever();
  });
});
