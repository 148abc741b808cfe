// A row of advice: which refusals it is for, and what it says.

/** What is known of a refusal. */
export interface Refused {
  code: string;
  call: string;
  action: string;
  object: string;
  toward?: string | undefined;
  detail?: string | undefined;
}

/** Each part that is there has to fit. */
export interface Hint {
  code: string | readonly string[];
  call?: RegExp;
  action?: RegExp;
  object?: RegExp;
  toward?: RegExp;
  detail?: RegExp;
  hint: string;
}
