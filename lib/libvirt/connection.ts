// The connection to a hypervisor: opened once, asked many times, closed by whoever opened it.
import { LibvirtError } from '../errors.js';
import { virConnectFlags } from '../native/constants.gen.js';
import type { Functions } from '../native/functions.gen.js';
import type { Connect } from '../native/handles.js';
import { ask, formatVersion } from './ask.js';
import { type Authenticate, askedTypes, interview, type NameAndPassword } from './auth.js';
import { ConnectionEvents } from './events.js';
import { Networks } from './networks.js';

/** How a connection is kept from hanging on a peer that has gone silent. */
export interface KeepAlive {
  /** Seconds of silence before the peer is asked whether it lives. */
  interval: number;
  /** How many questions may stay unanswered before the connection is given up. */
  count: number;
}

export interface ConnectOptions {
  /** Look, change nothing: the daemon asks less of such a connection. */
  readOnly?: boolean;
  /** Answers for a daemon or a transport that asks who you are. */
  auth?: Authenticate | NameAndPassword;
  /** Every 5 seconds, given up after 5 questions, if not given; false for never. */
  keepAlive?: KeepAlive | false;
  /** Gives up opening when it is aborted: rejects at once with its reason. */
  signal?: AbortSignal;
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
 * @throws LibvirtError `LIBRARY_MISSING`, or why libvirt could not open it: `AUTH_FAILED`, `SYSTEM_ERROR`, `NO_CONNECT` …
 * @throws TypeError or RangeError naming the option that cannot be.
 * @see https://libvirt.org/uri.html
 */
export async function connect(uri?: string, options: ConnectOptions = {}): Promise<Connection> {
  if (uri !== undefined && typeof uri !== 'string')
    throw new TypeError(`uri: not a string but ${typeof uri}`);
  const keepAlive = checkedKeepAlive(options.keepAlive);
  const { signal } = options;
  signal?.throwIfAborted();

  const opening = open(uri ?? null, options);
  const handle = await (signal ? abortable(opening, signal) : opening);
  const connection = new Connection(uri ?? 'of the default URI', handle);
  try {
    if (keepAlive) await startKeepAlive(connection, handle, keepAlive);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return connection;
}

async function open(uri: string | null, { readOnly = false, auth }: ConnectOptions): Promise<Connect> {
  const asked = { action: 'connect to', object: uri ?? 'the default hypervisor' };
  if (auth === undefined) {
    return ask(asked, (functions) =>
      readOnly ? functions.virConnectOpenReadOnly(uri) : functions.virConnectOpen(uri),
    );
  }
  if (
    typeof auth !== 'function' &&
    (typeof auth?.username !== 'string' || typeof auth?.password !== 'string')
  )
    throw new TypeError('auth: neither a function nor { username, password }');
  const answering = interview(auth);
  try {
    return await ask(asked, (functions) =>
      functions.virConnectOpenAuth(uri, askedTypes, answering.listener, readOnly ? virConnectFlags.RO : 0),
    );
  } catch (error) {
    if (answering.failure) throw answering.failure.error;
    throw error;
  }
}

/** Rejects as soon as the signal is aborted; the connection, should it still come, is closed. */
function abortable(opening: Promise<Connect>, signal: AbortSignal): Promise<Connect> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason);
      opening.then(
        (handle) => ask({ action: 'close', object: 'a connection' }, (f) => f.virConnectClose(handle)),
        () => {},
      );
    };
    signal.addEventListener('abort', abort, { once: true });
    opening.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function checkedKeepAlive(keepAlive: KeepAlive | false = { interval: 5, count: 5 }): KeepAlive | false {
  if (keepAlive === false) return false;
  const { interval, count } = keepAlive;
  if (!Number.isInteger(interval) || interval < 1 || interval > 2 ** 31 - 1)
    throw new RangeError(`keepAlive.interval: ${interval} is not a whole number of seconds above 0`);
  if (!Number.isInteger(count) || count < 0 || count > 2 ** 32 - 1)
    throw new RangeError(`keepAlive.count: ${count} is not a whole number from 0`);
  return keepAlive;
}

/** Drivers within the process have nobody to keep alive. */
async function startKeepAlive(
  connection: Connection,
  handle: Connect,
  { interval, count }: KeepAlive,
): Promise<void> {
  try {
    await ask({ action: 'keep alive', object: `connection ${connection.name}` }, (functions) =>
      functions.virConnectSetKeepAlive(handle, interval, count),
    );
  } catch (error) {
    if (!(error instanceof LibvirtError && error.code === 'NO_SUPPORT')) throw error;
  }
}

/** How long `close()` waits for a peer that does not answer, in milliseconds. */
const closingPatience = 1000;

/** Warned once in a process: one line says what many would. */
let warned = false;

const forgotten = new FinalizationRegistry<string>((name) => {
  if (warned) return;
  warned = true;
  process.emitWarning(
    `a connection (${name}) was forgotten without close(); it has been released now. ` +
      'Use `await using`, or call close() when you are done with it.',
    'VirtnetWarning',
  );
});

/**
 * A connection to a hypervisor. It has the networks, and what is known of the hypervisor itself.
 *
 * Calls may be made side by side. After `close()` every call rejects with `CONNECTION_CLOSED`.
 */
export class Connection implements AsyncDisposable {
  /** What it was opened with: the URI, for messages. `uri()` asks libvirt. */
  readonly name: string;
  /** The networks of this hypervisor. */
  readonly networks: Networks;
  /** What happens on this hypervisor. */
  readonly events: ConnectionEvents;

  readonly #handle: Connect;
  #closed = false;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(name: string, handle: Connect) {
    this.name = name;
    this.#handle = handle;
    this.networks = new Networks(this, handle);
    this.events = new ConnectionEvents(this, handle);
    forgotten.register(this, name, this);
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Ends the connection: calls under way reject with `CONNECTION_CLOSED`, loops over events end, listeners
   * are removed. Resolves when libvirt has let go of it, or after a second when the peer does not answer.
   * Calling it again does nothing more.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#closed = true;
    forgotten.unregister(this);
    this.events.close();
    const closed = this.#ask('close', (functions, handle) => functions.virConnectClose(handle));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closingPatience);
    });
    await Promise.race([closed, patience]).finally(() => clearTimeout(timer));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The driver, such as `QEMU` or `Test`. */
  type(): Promise<string> {
    return this.#ask('ask the type of', (functions, handle) => functions.virConnectGetType(handle));
  }

  /** The URI that libvirt itself uses for this connection, also when none was given. */
  uri(): Promise<string> {
    return this.#ask('ask the URI of', (functions, handle) => functions.virConnectGetURI(handle));
  }

  /** The host name of the machine at the other end. */
  hostname(): Promise<string> {
    return this.#ask('ask the host name of', (functions, handle) => functions.virConnectGetHostname(handle));
  }

  /** The version of the hypervisor, such as `7.2.19`. */
  async version(): Promise<string> {
    return formatVersion(
      await this.#ask('ask the version of', (functions, handle) => functions.virConnectGetVersion(handle)),
    );
  }

  /** The version of libvirt at the other end, such as `9.0.0`. */
  async libvirtVersion(): Promise<string> {
    return formatVersion(
      await this.#ask('ask the libvirt version of', (functions, handle) =>
        functions.virConnectGetLibVersion(handle),
      ),
    );
  }

  /** What the host and the hypervisor can do, as XML: https://libvirt.org/formatcaps.html */
  capabilities(): Promise<string> {
    return this.#ask('ask the capabilities of', (functions, handle) =>
      functions.virConnectGetCapabilities(handle),
    );
  }

  /**
   * What guests of one kind can have, as XML: https://libvirt.org/formatdomaincaps.html
   *
   * Everything left out is what the hypervisor would choose.
   */
  domainCapabilities(
    options: { emulator?: string; arch?: string; machine?: string; virtType?: string } = {},
  ): Promise<string> {
    const { emulator = null, arch = null, machine = null, virtType = null } = options;
    return this.#ask('ask the domain capabilities of', (functions, handle) =>
      functions.virConnectGetDomainCapabilities(handle, emulator, arch, machine, virtType, 0),
    );
  }

  /** The host's SMBIOS tables, as XML. */
  sysinfo(): Promise<string> {
    return this.#ask('ask the system information of', (functions, handle) =>
      functions.virConnectGetSysinfo(handle, 0),
    );
  }

  /** How many virtual CPUs a guest may have, at most; for one type of domain when it is given. */
  maxVcpus(type?: string): Promise<number> {
    return this.#ask('ask the greatest number of CPUs of', (functions, handle) =>
      functions.virConnectGetMaxVcpus(handle, type ?? null),
    );
  }

  /** Whether the connection works, as far as this side knows; a silent peer is noticed by keepalive. */
  isAlive(): Promise<boolean> {
    return this.#ask('ask the state of', (functions, handle) => functions.virConnectIsAlive(handle));
  }

  /** Whether what goes over the connection is encrypted. */
  isEncrypted(): Promise<boolean> {
    return this.#ask('ask the encryption of', (functions, handle) => functions.virConnectIsEncrypted(handle));
  }

  /** Whether nobody can listen: encrypted, or on this machine alone. */
  isSecure(): Promise<boolean> {
    return this.#ask('ask the security of', (functions, handle) => functions.virConnectIsSecure(handle));
  }

  #ask<T>(action: string, call: (functions: Functions, handle: Connect) => Promise<T>): Promise<T> {
    return ask({ action, object: `connection ${this.name}` }, (functions) => call(functions, this.#handle));
  }
}
