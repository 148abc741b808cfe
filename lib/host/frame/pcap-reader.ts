// The older format of captures, which tcpdump writes: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html.
import type { ByteSource } from './byte-source.js';
import { copyOf, FrameError } from './bytes.js';
import { type CapturedFrame, linkOf, MOST, viewOf } from './captured-frame.js';

const HEADER = 24;
const RECORD = 16;
/** Whose upper bits say how long the check sequence is. */
const LINK = 0x03ff_ffff;

/** By what a file begins with, how many nanoseconds its fractions of seconds are. @internal */
export const PCAP: ReadonlyMap<number, bigint> = new Map([
  [0xa1b2_c3d4, 1000n],
  [0xa1b2_3c4d, 1n],
]);

/** What stands behind the first four bytes. @internal */
export async function* readPcap(
  source: ByteSource,
  fraction: bigint,
  little: boolean,
): AsyncGenerator<CapturedFrame, void, void> {
  const header = viewOf(await source.need(HEADER - 4, 'pcap'));
  const link = linkOf(header.getUint32(16, little) & LINK);
  for (;;) {
    const record = await source.take(RECORD, 'pcap');
    if (record === undefined) return;
    const field = (at: number) => viewOf(record).getUint32(at, little);
    const kept = field(8);
    if (kept > MOST) throw new FrameError('pcap', source.at - 8, `a frame of ${kept} bytes`);
    yield {
      bytes: copyOf(await source.need(kept, 'pcap')),
      length: field(12),
      time: BigInt(field(0)) * 1_000_000_000n + BigInt(field(4)) * fraction,
      link,
    };
  }
}
