// Opening a connection: its options, the questions that are asked meanwhile, and giving up.
import { coded, flag, needed, record } from '../build/reader.js';
import { LibvirtError } from '../errors.js';
import { virConnectCloseReason, virConnectFlags } from '../native/constants.gen.js';
import type { Functions } from '../native/functions.gen.js';
import type { Connect } from '../native/handles.js';
import { integer } from '../xml/codec.js';
import { type Asked, ask } from './ask.js';
import {
  type Authenticate,
  askedTypes,
  type Credential,
  interview,
  type NameAndPassword,
  readAuth,
} from './auth.js';
import { Connection, preparing } from './connection.js';
import { abortSignal, text } from './options.js';
import { type Reconnect, Redialer, readReconnect } from './redial.js';

/** How a connection is kept from hanging on a peer that has gone silent. */
export interface KeepAlive {
  /** Seconds of silence before the peer is asked whether it lives. */
  interval: number;
  /** How many questions may stay unanswered before the connection is given up. */
  count: number;
}

/** How a connection is opened. */
export interface ConnectOptions {
  /** Look, change nothing: the daemon asks less of such a connection. */
  readOnly?: boolean;
  /** Answers for a daemon or a transport that asks who you are. */
  auth?: Authenticate | NameAndPassword;
  /** Every 5 seconds, given up after 5 questions, if not given; false for never. */
  keepAlive?: KeepAlive | false;
  /** Gives up opening when it is aborted: rejects at once with its reason. */
  signal?: AbortSignal;
  /**
   * Makes the connection anew when it was lost, again and again, after pauses of 0.1 to 10 seconds; never, if not given.
   * What was lost with it rejects with `CONNECTION_LOST`. Networks, guests and other objects stay usable, listeners go
   * on; the events `closed` and `reconnected` tell the gap. It keeps the process alive until
   * `close()`, or until the `attempts` are used up: loops with `resync` end with `CONNECTION_LOST` then.
   */
  reconnect?: boolean | Reconnect;
}

/**
 * Opens a connection to libvirt.
 *
 * ```ts
 * await using connection = await connect('qemu:///system');
 * for (const network of await connection.networks.list()) console.log(network.name);
 * ```
 *
 * @param uri As libvirt takes it, such as `qemu:///system`, `qemu+ssh://user@host/system`, `test:///default`.
 *   Without one libvirt chooses: LIBVIRT_DEFAULT_URI, its configuration, or the first driver that answers.
 * @throws LibvirtError `LIBRARY_MISSING`, or why libvirt could not open it: `AUTH_FAILED`, `AUTH_CANCELLED`,
 *   `SYSTEM_ERROR`, `NO_CONNECT` …
 * @throws TypeError or RangeError naming the option that cannot be.
 * @see https://libvirt.org/uri.html
 */
export async function connect(uri?: string, options: ConnectOptions = {}): Promise<Connection> {
  const name = uri === undefined ? '' : text(uri, 'uri');
  const read = readOptions(options, '');
  const { readOnly = false, auth, keepAlive = { interval: 5, count: 5 }, signal, reconnect = false } = read;
  signal?.throwIfAborted();
  const shown = name || 'to the default hypervisor';

  const dial = async (giveUp?: AbortSignal): Promise<Connect> => {
    const attempt = auth === undefined ? open(name, readOnly) : openWith(auth, name, readOnly);
    const handle = await (giveUp ? abortable(attempt, giveUp) : attempt.opening);
    return preparing(shown, handle, giveUp, async () => {
      if (keepAlive) await startKeepAlive(shown, handle, keepAlive);
      giveUp?.throwIfAborted();
      return handle;
    });
  };
  const handle = await dial(signal);
  const redialer = reconnect === false ? undefined : new Redialer(dial, reconnect === true ? {} : reconnect);
  const connection = new Connection(shown, handle, redialer);
  try {
    await preparing(shown, handle, signal, () => connection.keepUp());
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

const readKeepAlive = record<KeepAlive>()('keepalive', {
  interval: needed(coded(integer(1, 2 ** 31 - 1), 'seconds')),
  count: needed(coded(integer(0, 2 ** 32 - 1))),
});

const readOptions = record<ConnectOptions>()('a connection', {
  readOnly: flag,
  auth: readAuth,
  keepAlive: (value, path) => value !== false && readKeepAlive(value, path),
  signal: abortSignal,
  reconnect: (value, path) => (typeof value === 'boolean' ? value : readReconnect(value, path)),
});

/** A connection being opened. */
interface Attempt {
  opening: Promise<Connect>;
  /** Stops it, whatever it waits for. */
  giveUp(): void;
}

function attempt(asked: Asked, call: (functions: Functions) => Promise<Connect>): Attempt {
  let begun: Promise<Connect> | undefined;
  const opening = ask(asked, (functions) => {
    begun = call(functions);
    return begun;
  });
  const giveUp = () => {
    const handle = begun;
    if (handle)
      ask({ ...asked, action: 'give up' }, (functions) =>
        functions.virConnectClose(handle, virConnectCloseReason.CLIENT),
      ).catch(() => {});
  };
  return { opening, giveUp };
}

const asking = (uri: string): Asked => ({ action: 'connect to', object: uri || 'the default hypervisor' });

function open(uri: string, readOnly: boolean): Attempt {
  return attempt(asking(uri), (functions) =>
    readOnly ? functions.virConnectOpenReadOnly(uri) : functions.virConnectOpen(uri),
  );
}

function openWith(auth: Authenticate | NameAndPassword, uri: string, readOnly: boolean): Attempt {
  const asked = asking(uri);
  const answering = interview(auth);
  const { opening, giveUp } = attempt(asked, (functions) =>
    functions.virConnectOpenAuth(uri, askedTypes, answering.listener, readOnly ? virConnectFlags.RO : 0),
  );
  const explained = opening.catch((error: unknown) => {
    if (answering.failure) throw answering.failure.error;
    const { unanswered } = answering;
    // Drivers have different codes for it.
    if (unanswered) throw notAnswered(asked.object, unanswered, error);
    throw error;
  });
  return { opening: explained, giveUp };
}

function notAnswered(object: string, { type, prompt }: Credential, cause: unknown): LibvirtError {
  const question = prompt === '' ? type : `${type} (${prompt})`;
  const details = { code: 'AUTH_CANCELLED', domain: 'AUTH', function: 'virConnectOpenAuth', object } as const;
  return new LibvirtError(`cannot connect to ${object}: auth gave no answer to ${question}`, details, {
    cause,
  });
}

/** Rejects as soon as the signal is aborted. */
function abortable({ opening, giveUp }: Attempt, signal: AbortSignal): Promise<Connect> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason);
      giveUp();
    };
    signal.addEventListener('abort', abort, { once: true });
    opening.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Drivers within the process have nobody to keep alive. */
async function startKeepAlive(name: string, handle: Connect, { interval, count }: KeepAlive): Promise<void> {
  try {
    await ask({ action: 'keep alive', object: `connection ${name}` }, (functions) =>
      functions.virConnectSetKeepAlive(handle, interval, count),
    );
  } catch (error) {
    if (!(error instanceof LibvirtError && error.code === 'NO_SUPPORT')) throw error;
  }
}
