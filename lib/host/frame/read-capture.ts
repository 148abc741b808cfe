// Frames of files that somebody captured.
import { type ByteChunks, ByteSource } from './byte-source.js';
import { FrameError } from './bytes.js';
import { type CapturedFrame, viewOf } from './captured-frame.js';
import { PCAP, readPcap } from './pcap-reader.js';
import { BLOCK } from './pcapng.js';
import { readPcapng } from './pcapng-reader.js';

/**
 * The frames of a capture, one after the other: of pcapng, as Wireshark and {@link FrameDevice.capture} write it, or of pcap,
 * as tcpdump does. What else such a file holds is passed over.
 *
 * ```ts
 * for await (const { bytes, time } of readCapture(createReadStream('tap0.pcapng'))) {
 *   console.log(time, decodeFrame(bytes));
 *   tap.write(bytes); // once more
 * }
 * ```
 *
 * Source: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html.
 *
 * @param source the bytes of the file: all of them, or a stream of chunks of any size.
 * @throws FrameError with the place in the file when it is no capture, or is broken there; when it ends in the middle of a
 *   frame, as that of a program that was killed, behind all frames that are whole. TypeError when it is no source of bytes.
 */
export async function* readCapture(source: ByteChunks): AsyncGenerator<CapturedFrame, void, void> {
  const bytes = new ByteSource(source);
  try {
    const start = await bytes.take(4, 'capture');
    if (start === undefined) throw new FrameError('capture', 0, 'there is nothing');
    yield* framesOf(bytes, start);
  } finally {
    await bytes.close();
  }
}

function framesOf(source: ByteSource, start: Uint8Array): AsyncGenerator<CapturedFrame, void, void> {
  if (viewOf(start).getUint32(0) === BLOCK.section) return readPcapng(source, start);
  for (const little of [true, false]) {
    const fraction = PCAP.get(viewOf(start).getUint32(0, little));
    if (fraction !== undefined) return readPcap(source, fraction, little);
  }
  const begins = Buffer.from(start).toString('hex');
  throw new FrameError('capture', 0, `begins with ${begins}, which neither pcapng nor pcap does`);
}
