// A network namespace of a test file's own, with `host` in it.
import { afterAll, beforeAll } from 'vitest';
import { type Host, host } from '../../lib/host/index.js';
import { freshNetns, type Netns } from './netns.js';

/** To be called in a `describe`; what it gives is there in its tests. */
export function startInside(): { readonly netns: Netns; readonly inside: Host } {
  let netns: Netns | undefined;
  let inside: Host | undefined;
  beforeAll(async () => {
    netns = await freshNetns();
    inside = host.in(netns.path);
  });
  afterAll(async () => {
    await inside?.close();
    await netns?.[Symbol.asyncDispose]();
  });
  const there = <T>(what: T | undefined): T => {
    if (what === undefined) throw new Error('the namespace is there in tests only');
    return what;
  };
  return {
    get netns() {
      return there(netns);
    },
    get inside() {
      return there(inside);
    },
  };
}
