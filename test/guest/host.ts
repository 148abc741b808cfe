// A libvirtd of a test's own whose guests run, and what is beyond its physical NICs.

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { GUEST_NEEDS as BOOT_NEEDS, type Guest } from '../lab/guest.js';
import type { Need } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';

export { startHost } from '../hypervisor/host.js';

export const GUEST_NEEDS = [...BOOT_NEEDS, 'native', 'libvirt', 'busybox'] as const satisfies Need[];

/** Gives a NIC of a guest an address, as `10.1.2.3/24`. */
export async function address(guest: Guest, nic: string, cidr: string): Promise<void> {
  await guest.must(`ip address add ${cidr} dev ${nic}`);
}

/** The name that a guest gives the NIC of a MAC address, which it may be about to find. */
export async function nicByMac(guest: Guest, mac: string): Promise<string> {
  const file = `grep -l ${mac} /sys/class/net/*/address`;
  return (await guest.must(`until n=$(${file}); do usleep 20000; done; basename $(dirname $n)`)).trim();
}

/** Settles when a guest has no NIC that was plugged in. */
export async function unplugged(guest: Guest): Promise<void> {
  expect(await guest.must('ls /sys/class/net')).not.toContain('eth');
}

const server = (host: string) => `
  require('node:http')
    .createServer((request, response) => response.end(request.socket.remoteAddress))
    .listen({ host: '${host}', port: 80 }, () => console.log('listening'));`;

/** Serves at an address of the lab's host; answers with the address it was asked from. Settles when it takes requests. */
export async function serve(lab: Libvirtd, address: string): Promise<void> {
  const { stdout } = lab.inside.spawn(process.execPath, ['-e', server(address)]);
  await once(createInterface(stdout), 'line');
}

/** A machine at the other end of a cable, with a web server that answers with the address it was asked from. */
export class Neighbour {
  readonly name: string;
  readonly #lab: Libvirtd;

  private constructor(lab: Libvirtd, name: string) {
    this.#lab = lab;
    this.name = name;
  }

  /** Puts `peer` (see NICS) into a network namespace of its own and gives it an address; ends with the lab. */
  static async start(lab: Libvirtd, name: string, peer: string, cidr: string): Promise<Neighbour> {
    const neighbour = new Neighbour(lab, name);
    await lab.must('ip', 'netns', 'add', name);
    await lab.must('ip', 'link', 'set', peer, 'netns', name);
    await neighbour.must('ip', 'address', 'add', cidr, 'dev', peer);
    for (const device of ['lo', peer]) await neighbour.must('ip', 'link', 'set', device, 'up');
    return neighbour;
  }

  must(command: string, ...args: string[]): Promise<string> {
    return this.#lab.must('ip', 'netns', 'exec', this.name, command, ...args);
  }

  async reaches(address: string): Promise<boolean> {
    const ping = ['busybox', 'ping', '-c', '1', '-W', '2', address];
    return (await this.#lab.run('ip', 'netns', 'exec', this.name, ...ping)).code === 0;
  }

  /** Settles when the server takes requests. */
  async serve(): Promise<void> {
    const command = ['netns', 'exec', this.name, process.execPath, '-e', server('0.0.0.0')];
    const { stdout } = this.#lab.inside.spawn('ip', command);
    await once(createInterface(stdout), 'line');
  }
}
