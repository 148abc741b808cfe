// A switch between three taps that learns who is behind which, as a bridge of the kernel does. Taps stay until Ctrl-C.
import { type Batch, Tap } from 'virtnet/host';
import { commandLine } from './shared/command-line.js';

const { netns } = commandLine('A switch of three ports that learns, until Ctrl-C.', {
  netns: { type: 'string', help: 'the network namespace of its ports' },
});

/** A port, and what goes out of it when a batch has been looked through. */
interface Port {
  tap: Tap;
  offsets: Uint32Array;
  lengths: Uint32Array;
  count: number;
}

const open = async (i: number): Promise<Port> => {
  const tap = await Tap.open({ name: `port${i}`, ...(netns && { netns }) });
  await tap.set({ up: true });
  return { tap, offsets: new Uint32Array(256), lengths: new Uint32Array(256), count: 0 };
};
const ports = await Promise.all([1, 2, 3].map(open));

/** Which port an address was last seen behind. */
const table = new Map<number, Port>();
const mac = (slab: Uint8Array, at: number): number => {
  let address = 0;
  for (let i = 0; i < 6; i++) address = address * 256 + (slab[at + i] ?? 0);
  return address;
};

function forward(from: Port, { slab, offsets, lengths, count }: Batch): void {
  for (let i = 0; i < count; i++) {
    const at = offsets[i] ?? 0;
    const source = mac(slab, at + 6);
    if (table.get(source) !== from) {
      table.set(source, from);
      console.log(`${source.toString(16).padStart(12, '0').match(/../g)?.join(':')} is on ${from.tap.name}`);
    }
    // Nobody knows a group's address, since nobody sends from it: it goes everywhere.
    const known = table.get(mac(slab, at));
    for (const to of known ? [known] : ports) {
      if (to === from) continue;
      to.offsets[to.count] = at;
      to.lengths[to.count++] = lengths[i] ?? 0;
    }
  }
  for (const to of ports) {
    if (to.count > 0) to.tap.writeBatch(slab, to.offsets, to.lengths, to.count);
    to.count = 0;
  }
}

for (const port of ports) port.tap.onBatch((batch) => forward(port, batch));
console.log(`switching between ${ports.map(({ tap }) => tap.name).join(', ')}`);
process.once('SIGINT', () => ports.forEach(({ tap }) => void tap.close()));
