// A network namespace of a test's own: `path` is what virtnet takes, `ip` and `bridge` are what it is held against.

import type { Need } from '../lab/have.js';
import { type Namespaces, startNamespaces } from '../lab/namespaces.js';

export const HOST_NEEDS = ['root', 'namespaces', 'native', 'iproute2'] as const satisfies Need[];

type Neighbour = { dst?: string; dev?: string };
const ordered = ({ dst, dev }: Neighbour): string => `${dst} ${dev}`;
const byAddress = (one: Neighbour, other: Neighbour): number => (ordered(one) < ordered(other) ? -1 : 1);

/** The network namespace of a test, which ends with it. The test process itself stays where it is. */
export class Netns implements AsyncDisposable {
  readonly inside: Namespaces;

  constructor(inside: Namespaces) {
    this.inside = inside;
  }

  /** The file that stands for it. */
  get path(): string {
    return `/proc/${this.inside.holderPid}/ns/net`;
  }

  /** Runs `ip` in it, with these arguments separated by blanks. */
  ip(command: string): Promise<string> {
    return this.inside.must('ip', ...command.split(' '));
  }

  /** What `ip -json -details` prints; neighbours by their addresses, as the kernel lists them in the order of a hash. */
  async ipJson<T extends object[] | null = Record<string, unknown>[]>(command: string): Promise<T> {
    const told = await this.inside.runJson<T>('ip', '-json', '-details', ...command.split(' '));
    if (/^(-\d )?neighbour /.test(command)) told?.sort(byAddress);
    return told;
  }

  /** What all of its devices are called, as ip tells it. */
  async linkNames(): Promise<string[]> {
    return (await this.ipJson<{ ifname: string }[]>('link')).map(({ ifname }) => ifname);
  }

  /** What `bridge -json -details` prints. */
  bridgeJson<T = Record<string, unknown>[]>(command: string): Promise<T> {
    return this.inside.runJson<T>('bridge', '-json', '-details', ...command.split(' '));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.inside.stop();
  }
}

/** Makes one, with nothing in it but the loopback device. */
export const freshNetns = async (): Promise<Netns> => new Netns(await startNamespaces([]));
