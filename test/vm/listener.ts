// A DHCP server that tells on which device it heard whom: the proof that a guest's frames arrived there, tagged
// or untagged as the device takes them.

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Namespaces } from '../lab/namespaces.js';

const PREFIX = 24;

export class Listener {
  readonly #lines: AsyncIterator<string>;
  readonly #server: ChildProcessWithoutNullStreams;
  /** All that was said since the start, for a test that fails. */
  readonly said: string[] = [];

  private constructor(server: ChildProcessWithoutNullStreams) {
    this.#lines = createInterface(server.stderr)[Symbol.asyncIterator]();
    this.#server = server;
  }

  /** Listens on these devices, with a subnet each. */
  static async start(inside: Namespaces, ...devices: string[]): Promise<Listener> {
    const options = [];
    for (const [index, device] of devices.entries()) {
      const subnet = `10.90.${index}`;
      await inside.must('ip', 'address', 'replace', `${subnet}.1/${PREFIX}`, 'dev', device);
      options.push(`--interface=${device}`, `--dhcp-range=${subnet}.100,${subnet}.200`);
    }
    const server = inside.spawn('dnsmasq', [
      '--keep-in-foreground',
      '--user=root', // who changes users outlives the lab
      '--group=root',
      '--conf-file=/dev/null',
      '--log-facility=-',
      '--port=0',
      '--no-ping',
      '--leasefile-ro',
      '--pid-file=',
      '--bind-interfaces',
      ...options,
    ]);
    const listener = new Listener(server);
    await listener.until('DHCP, IP range');
    return listener;
  }

  /** The device on which a MAC address is heard next. */
  async hears(mac: string): Promise<string> {
    const line = await this.until(`DHCPDISCOVER`, mac);
    return /DHCPDISCOVER\((.*?)\)/.exec(line)?.[1] ?? line;
  }

  /** The next line with all of these words. */
  async until(...words: string[]): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`the listener ended:\n${this.said.join('\n')}`);
      this.said.push(value);
      if (words.every((word) => value.includes(word))) return value;
    }
  }

  /** Stops listening; what is heard afterwards is for another one. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.kill();
    while (!(await this.#lines.next()).done);
  }
}
