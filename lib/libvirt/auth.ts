// Credentials: libvirt asks for them while a connection is opened, a user's function answers.
import { needed, type Reader, record, wrongType } from '../build/reader.js';
import { virConnectCredentialType } from '../native/constants.gen.js';
import { text } from './options.js';

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
  /** What kind of answer is asked for. */
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
  /** The name, for questions of the types `username` and `authname`. */
  username: string;
  /** The password, for questions of the types `passphrase` and `noEchoPrompt`. */
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

/** What the option `auth` may be. */
export const readAuth: Reader<Authenticate | NameAndPassword> = (value, path) => {
  if (typeof value === 'function') return value as Authenticate;
  if (typeof value !== 'object' || value === null)
    throw wrongType(path, value, 'a function or { username, password }');
  return nameAndPassword(value, path);
};

const nameAndPassword = record<NameAndPassword>()('the credentials', {
  username: needed(text),
  password: needed(text),
});

/** How the questions of one attempt to connect are answered, and how that ended. */
export interface Interview {
  listener(asked: Question[], answer: Answer): void;
  /** What the user's function threw. */
  failure?: { error: unknown };
  /** What it gave no answer to. */
  unanswered?: Credential;
}

/** The listener for virConnectOpenAuth. */
export function interview(auth: Authenticate | NameAndPassword): Interview {
  const authenticate = typeof auth === 'function' ? auth : fromNameAndPassword(auth);
  const interview: Interview = {
    listener(asked, answer) {
      answerAll(asked, authenticate, interview).then(answer, (error: unknown) => {
        interview.failure = { error };
        answer(null);
      });
    },
  };
  return interview;
}

async function answerAll(
  asked: Question[],
  authenticate: Authenticate,
  interview: Interview,
): Promise<(string | null)[] | null> {
  const answers: string[] = [];
  for (const { type, prompt, challenge, preset } of asked) {
    const name = types.find(([, number]) => number === type)?.[0] ?? 'external';
    const credential = { type: name, prompt, challenge, preset };
    const given = await authenticate(credential);
    if (given === null || given === undefined) {
      interview.unanswered = credential;
      return null;
    }
    answers.push(text(given, `auth, the answer for ${name}`));
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
