// A TUN device, by virtnet or by a package from npm: read and written as fast as each has it.
//
//   tun.ts NAME [MODULE]    MODULE is the package's, as a URL; virtnet, if not given
import { createInterface } from 'node:readline';
import { Tun } from 'virtnet/host';

const [name = '', module] = process.argv.slice(2);
const BURST = 250;

interface Device {
  /** Reads so many packets. */
  read(count: number): Promise<void> | void;
  /** Writes this packet so many times. */
  write(packet: Buffer, count: number): void;
  close(): Promise<unknown> | unknown;
}

async function byVirtnet(): Promise<Device> {
  const tun = await Tun.open({ name });
  return {
    read: (count) =>
      new Promise((resolve) => {
        let left = count;
        const stop = tun.onBatch((batch) => {
          left -= batch.count;
          if (left > 0) return;
          stop();
          resolve();
        });
      }),
    write(packet, count) {
      const slab = new Uint8Array(packet.length * BURST);
      const offsets = Uint32Array.from({ length: BURST }, (_, i) => i * packet.length);
      const lengths = new Uint32Array(BURST).fill(packet.length);
      for (const offset of offsets) slab.set(packet, offset);
      for (let left = count; left > 0; left -= BURST)
        if (tun.writeBatch(slab, offsets, lengths) < BURST) throw new Error('not all went');
    },
    close: () => tun.close(),
  };
}

/** What is used of appium-ios-tuntap, which has no types for JavaScript's modules of today. */
interface TunTap {
  open(): boolean;
  read(most: number): Buffer;
  write(packet: Buffer): number;
  close(): boolean;
}

async function byPackage(url: string): Promise<Device> {
  const { TunTap } = (await import(url)) as { TunTap: new (name: string) => TunTap };
  const tun = new TunTap(name);
  tun.open();
  return {
    read(count) {
      for (let left = count; left > 0; left--)
        if (tun.read(65535).length === 0) throw new Error(`${left} packets are missing`);
    },
    write(packet, count) {
      for (let i = 0; i < count; i++) tun.write(packet);
    },
    close: () => tun.close(),
  };
}

/** IPv6 with nothing in it, from nobody to nobody. */
function packetOf(size: number): Buffer {
  const packet = Buffer.alloc(size);
  packet[0] = 0x60;
  packet.writeUInt16BE(size - 40, 4);
  packet[6] = 59;
  packet[7] = 64;
  packet.set([0xfd, 9], 8);
  packet.set([0xfd, 8], 24);
  return packet;
}

const device = module === undefined ? await byVirtnet() : await byPackage(module);
let cpu = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const [task = '', count] = line.split(' ');
  const [what, size] = task.split('/');
  if (what === 'cpu') {
    console.log(cpu);
    continue;
  }
  const packet = packetOf(Number(size ?? 64));
  const used = process.cpuUsage();
  const start = process.hrtime.bigint();
  if (what === 'read') await device.read(Number(count));
  else device.write(packet, Number(count));
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(used);
  cpu = (user + system) / 1e6;
  console.log(wall);
}
await device.close();
