// What no type of the library may be: `any`, in however deep a member.

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Whether any member of a type, however deep, is `any`. */
export type HasAny<T> =
  IsAny<T> extends true
    ? true
    : T extends readonly (infer M)[]
      ? HasAny<M>
      : T extends object
        ? { [K in keyof T]-?: HasAny<NonNullable<T[K]>> }[keyof T]
        : false;
