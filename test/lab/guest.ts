// Real guests on a private libvirtd, and commands in them. A guest answers by a channel of its own, so a test
// waits for what happens and never for a time: its boot is the answer to the first command.

import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { consoleLog, type GuestOptions, guestXml, shellSocket } from './guest-xml.js';
import { LIBVIRTD_NEEDS, type Need } from './have.js';
import type { Libvirtd } from './libvirtd.js';
import { type Finished, within } from './namespaces.js';

/** All that {@link startGuest} needs besides a libvirtd. */
export const GUEST_NEEDS = [...LIBVIRTD_NEEDS, 'qemu', 'guest'] as const satisfies Need[];

const BOOT_MS = 60_000;
const COMMAND_MS = 30_000;
/** The guest ends a command that takes too long; this is for a guest that does not answer at all. */
const GRACE_MS = 5_000;
const CONSOLE_LINES = 15;

/** Creates a guest and waits until it has booted. It ends with {@link Guest.destroy} or with its lab. */
export async function startGuest(lab: Libvirtd, options: GuestOptions): Promise<Guest> {
  const file = join(lab.inside.base, `${options.name}.xml`);
  writeFileSync(file, guestXml(options));
  await lab.must('virsh', 'create', file);
  return connectGuest(lab, options.name);
}

/** Waits until a guest of {@link guestXml} has booted that runs already; one connection to a guest at a time. */
export async function connectGuest(lab: Libvirtd, name: string, home?: string): Promise<Guest> {
  const socket = createConnection(join(lab.inside.base, shellSocket(name, home)));
  await once(socket, 'connect');
  const guest = new Guest(lab, name, socket, home);
  await guest.run('true', { timeoutMs: BOOT_MS });
  return guest;
}

interface Waiting {
  resolve(finished: Finished): void;
  reject(error: Error): void;
}

export class Guest {
  readonly name: string;
  readonly #lab: Libvirtd;
  readonly #console: string;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  /** Settles when the guest has ended. */
  readonly ended: Promise<void>;
  #number = 0;

  constructor(lab: Libvirtd, name: string, socket: Socket, home?: string) {
    this.name = name;
    this.#lab = lab;
    this.#console = join(lab.inside.base, consoleLog(name, home));
    this.#socket = socket;
    this.ended = new Promise((resolve) => socket.on('close', () => resolve()));
    const lines = createInterface(socket).on('line', (line) => this.#answer(line));
    for (const source of [socket, lines]) source.on('error', () => {}); // 'close' follows
    socket.on('close', () => this.#abandon());
  }

  /** Runs a script of busybox's shell to its end, one at a time; rejects when the guest does not answer. */
  async run(script: string, { timeoutMs = COMMAND_MS } = {}): Promise<Finished> {
    const number = ++this.#number;
    const line = `${number} ${Math.ceil(timeoutMs / 1000)} ${Buffer.from(script).toString('base64')}\n`;
    const finished = new Promise<Finished>((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      if (this.#socket.destroyed) this.#abandon();
      else this.#socket.write(line);
    });
    try {
      return await within(timeoutMs + GRACE_MS, `${this.name}: ${script}`, finished);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.consoleTail()}`, { cause: error });
    } finally {
      this.#waiting.delete(number);
    }
  }

  /** {@link run} for a script that has to succeed; gives its output. */
  async must(script: string, options?: { timeoutMs?: number }): Promise<string> {
    const { stdout, stderr, code } = await this.run(script, options);
    if (code === 0) return stdout;
    throw new Error(`${this.name}: ${script} ended with ${code}: ${stderr || stdout}`);
  }

  /** Does this address answer to one of three pings within a second each? `from` is a NIC of the guest's. */
  async reaches(address: string, from?: string): Promise<boolean> {
    const ping = `ping -c 1 -W 1 ${from === undefined ? '' : `-I ${from}`} ${address}`;
    return (await this.run(`for try in 1 2 3; do ${ping} && exit; done; exit 1`)).code === 0;
  }

  /** What the guest has printed on its console lately. */
  consoleTail(): string {
    if (!existsSync(this.#console)) return '';
    return readFileSync(this.#console, 'utf8').trimEnd().split('\n').slice(-CONSOLE_LINES).join('\n');
  }

  /** Pulls its plug, and waits until it is gone; may be called again. */
  async destroy(): Promise<void> {
    if (!this.#socket.destroyed) await this.#lab.run('virsh', 'destroy', this.name);
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }

  #answer(line: string): void {
    const [number, code, stdout, stderr] = line.split(' ');
    this.#waiting.get(Number(number))?.resolve({
      code: Number(code),
      stdout: Buffer.from(stdout ?? '', 'base64').toString(),
      stderr: Buffer.from(stderr ?? '', 'base64').toString(),
    });
  }

  #abandon(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(`the guest ${this.name} has ended`));
  }
}
