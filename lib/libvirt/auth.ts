// Credentials: libvirt asks for them while a connection is opened, a user's function answers.
import { virConnectCredentialType } from '../native/constants.gen.js';

/** What kind of answer is asked for. */
export type CredentialType =
  | 'username'
  | 'authname'
  | 'language'
  | 'cnonce'
  | 'passphrase'
  | 'echoPrompt'
  | 'noEchoPrompt'
  | 'realm'
  | 'external';

/** One question of the daemon or of a transport like ssh. */
export interface Credential {
  type: CredentialType;
  /** The question, as it could be shown to a person; may be empty. */
  prompt: string;
  /** More about it, such as the name of the host; may be empty. */
  challenge: string;
  /** The answer that is meant when there is none; may be empty. */
  preset: string;
}

/**
 * Answers one question: with text, or with null or undefined to give up, which fails `connect` with
 * `AUTH_CANCELLED`. What it throws is what `connect` rejects with.
 */
export type Authenticate = (
  credential: Credential,
) => string | null | undefined | Promise<string | null | undefined>;

/** A user name and a password for whoever asks. */
export interface NameAndPassword {
  username: string;
  password: string;
}

const types: readonly [CredentialType, number][] = [
  ['username', virConnectCredentialType.USERNAME],
  ['authname', virConnectCredentialType.AUTHNAME],
  ['language', virConnectCredentialType.LANGUAGE],
  ['cnonce', virConnectCredentialType.CNONCE],
  ['passphrase', virConnectCredentialType.PASSPHRASE],
  ['echoPrompt', virConnectCredentialType.ECHOPROMPT],
  ['noEchoPrompt', virConnectCredentialType.NOECHOPROMPT],
  ['realm', virConnectCredentialType.REALM],
  ['external', virConnectCredentialType.EXTERNAL],
];

/** What the listener of virConnectOpenAuth gets: questions, and the way to answer them all. */
type Question = { type: number; prompt: string; challenge: string; preset: string };
type Answer = (answers: (string | null)[] | null) => void;

/** All types but `external`, which asks a program on this machine to do something and no person to answer. */
export const askedTypes: number[] = types.filter(([name]) => name !== 'external').map(([, number]) => number);

/** The listener for virConnectOpenAuth, and what went wrong in the user's function if anything did. */
export function interview(auth: Authenticate | NameAndPassword) {
  const authenticate = typeof auth === 'function' ? auth : fromNameAndPassword(auth);
  const interview = {
    failure: undefined as { error: unknown } | undefined,
    listener(asked: Question[], answer: Answer): void {
      answerAll(asked, authenticate).then(answer, (error: unknown) => {
        interview.failure = { error };
        answer(null);
      });
    },
  };
  return interview;
}

async function answerAll(asked: Question[], authenticate: Authenticate): Promise<(string | null)[] | null> {
  const answers: string[] = [];
  for (const { type, prompt, challenge, preset } of asked) {
    const name = types.find(([, number]) => number === type)?.[0] ?? 'external';
    const given = await authenticate({ type: name, prompt, challenge, preset });
    if (given === null || given === undefined) return null;
    if (typeof given !== 'string') throw new TypeError(`auth: the answer for ${name} is not a string`);
    answers.push(given);
  }
  return answers;
}

function fromNameAndPassword({ username, password }: NameAndPassword): Authenticate {
  const answers: Partial<Record<CredentialType, string>> = {
    username,
    authname: username,
    passphrase: password,
    noEchoPrompt: password,
  };
  return ({ type, preset }) => answers[type] ?? preset;
}
