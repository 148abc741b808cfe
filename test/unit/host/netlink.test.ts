// The codec of netlink against what iproute2 sends, and against any bytes at all.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddress } from '../../../lib/host/address.js';
import { readBridgeVlans } from '../../../lib/host/bridge-vlan.js';
import { readFdbEntry } from '../../../lib/host/fdb.js';
import { KnownNames } from '../../../lib/host/known-names.js';
import { readLink } from '../../../lib/host/link.js';
import { readGroups } from '../../../lib/host/multicast-groups.js';
import { readNeighbour } from '../../../lib/host/neighbour.js';
import { addressMessage } from '../../../lib/host/netlink/address.js';
import { attributesOf } from '../../../lib/host/netlink/attributes.js';
import { Bytes, MalformedMessage, Writer } from '../../../lib/host/netlink/bytes.js';
import { linkMessage } from '../../../lib/host/netlink/info.js';
import { type Ending, endingOf, joined, messagesOf } from '../../../lib/host/netlink/message.js';
import { neighbourMessage } from '../../../lib/host/netlink/neighbour.js';
import { portVlanMessage } from '../../../lib/host/netlink/port-vlan.js';
import { routeMessage } from '../../../lib/host/netlink/route.js';
import { ruleMessage } from '../../../lib/host/netlink/rule.js';
import { readVlans } from '../../../lib/host/port-vlans.js';
import { readRoute } from '../../../lib/host/route.js';
import { readRule } from '../../../lib/host/rule.js';
import { readFunctions } from '../../../lib/host/virtual-function.js';
import { golden } from './golden.js';
import { goldenTunnels } from './golden-tunnels.js';
import { goldenVirtualFunctions, TOLD_OF_IGB } from './golden-virtual-functions.js';

const allGolden = [...golden, ...goldenTunnels, ...goldenVirtualFunctions];

const names = () =>
  new KnownNames([
    ['lo', 1],
    ['br0', 2],
    ['v1', 3],
    ['v0', 4],
  ]);

const READERS = [
  readLink,
  readAddress,
  readRoute,
  readRule,
  readNeighbour,
  readFdbEntry,
  readVlans,
  readBridgeVlans,
  readFunctions,
  readGroups,
];

/** Sizes of the headers, by request. */
const headerOf = (type: number): number => {
  if (type < 20 || type >= 108) return 16;
  return type < 24 || (type >= 84 && type <= 86) ? 8 : 12;
};

/** Attributes that have attributes inside, by the way to them. */
const NESTED = new Set(['18', '18/2', '18/5', '22', '22/1', '26', '52']);
/** Behind a header of their own. */
const WITH_HEADER = new Map([['18/2/1', 16]]);

/** Every attribute with the way to it, in an order of its own: what messages say, whichever comes first. */
function contents(bytes: Bytes, way: string, link: boolean, veth: boolean): string[] {
  const lines: string[] = [];
  const parts = [...attributesOf(bytes)];
  const isVeth =
    veth || parts.some(([number, part]) => way === '18' && number === 1 && part.text() === 'veth');
  for (const [number, payload] of parts) {
    const here = way === '' ? String(number) : `${way}/${number}`;
    const skipped = isVeth ? WITH_HEADER.get(here) : undefined;
    if (skipped !== undefined && payload.length >= skipped) {
      lines.push(`${here} header`);
      lines.push(...contents(payload.part(skipped), `${here}/x`, link, isVeth));
    } else if (link ? NESTED.has(here) : here === '8' && payload.length > 4)
      lines.push(...contents(payload, here, link, isVeth));
    else {
      // Texts end with a NUL or with their attribute: the kernel takes both.
      const hex = Buffer.from(payload.toArray()).toString('hex');
      const textual = ['3', '18/1', '18/4', '18/2/1/x/3', '20', '52/53', '8/16'].includes(here);
      // For IFLA_INFO_SLAVE_KIND ip says IFLA_INFO_KIND, and another word; the kernel takes both.
      const slave = here === '18/1' && /^(.*)_slave$/.exec(payload.text())?.[1];
      if (slave) lines.push(`18/4 ${Buffer.from(slave).toString('hex')}`);
      else lines.push(`${here} ${textual ? hex.replace(/(?:00)$/, '') : hex}`);
    }
  }
  return lines.sort();
}

const saidIn = (message: Uint8Array) => {
  const [{ type, flags, payload }] = [...messagesOf(message)] as [
    ReturnType<typeof messagesOf> extends Generator<infer M> ? M : never,
  ];
  const header = headerOf(type);
  const ACK = 4;
  return {
    type,
    flags: flags & ~ACK,
    header: Buffer.from(payload.part(0, header).toArray()).toString('hex'),
    attributes: contents(payload.part(header), '', type < 20 || type >= 108, false),
  };
};

describe('a request', () => {
  it.each(allGolden)('says what %s says', (_command, hex, change) => {
    const message = change().write(names());
    expect(saidIn(message)).toEqual(saidIn(Buffer.from(hex, 'hex')));
  });

  it('of any bytes is read or refused, and never past its end', () => {
    const kinds = [linkMessage, addressMessage, routeMessage, ruleMessage, neighbourMessage, portVlanMessage];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        // What lies behind is no part of the message: who reads it would see it.
        const within = new Uint8Array([...bytes, ...new Uint8Array(64).fill(0xee)]).subarray(0, bytes.length);
        const payload = Bytes.of(within);
        const attempts = [
          () => [...messagesOf(within)].map(endingOf),
          ...kinds.map((kind) => () => kind.read(payload, names())),
          ...READERS.map((read) => () => read({ type: 16, flags: 0, sequence: 0, payload }, names())),
        ];
        for (const attempt of attempts) {
          try {
            attempt();
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedMessage);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('that was changed somewhere is read or refused', () => {
    const messages = allGolden.map(([, hex]) => Uint8Array.from(Buffer.from(hex, 'hex')));
    fc.assert(
      fc.property(
        fc.constantFrom(...messages),
        fc.array(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 }),
        fc.nat({ max: 40 }),
        (message, changes, shorter) => {
          const bytes = message.slice(0, Math.max(0, message.length - shorter));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          try {
            for (const one of messagesOf(bytes)) {
              for (const read of READERS)
                try {
                  read(one, names());
                } catch (error) {
                  expect(error).toBeInstanceOf(MalformedMessage);
                }
            }
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedMessage);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is read as it was written', () => {
    const mac = fc
      .uint8Array({ minLength: 6, maxLength: 6 })
      .map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':'));
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,14}$/);
    const attributes = fc.record(
      {
        name,
        mac,
        mtu: fc.nat(),
        group: fc.nat(),
        alias: fc.string({ unit: 'binary', maxLength: 60 }).filter((text) => !text.includes('\0')),
        carrier: fc.boolean(),
        info: fc.record({
          kind: fc.constant('bridge'),
          options: fc.record({
            stp: fc.boolean(),
            priority: fc.nat({ max: 0xffff }),
            forwardDelay: fc.nat({ max: 4000 }).map((hundredths) => hundredths / 100),
            groupAddress: mac,
          }),
          portKind: fc.constant('bond'),
          port: fc.record({ queueId: fc.nat({ max: 0xffff }) }),
        }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(attributes, fc.nat({ max: 0x7fffffff }), (values, index) => {
        const [message] = [
          ...messagesOf(
            linkMessage.write({ type: 16, header: { index, flags: ['up'] }, attributes: values }),
          ),
        ];
        expect(message && linkMessage.read(message.payload)).toMatchObject({
          index,
          flags: ['up'],
          attributes: values,
        });
      }),
    );
  });
});

describe('an answer', () => {
  it('tells of the VLANs of a port that changed', () => {
    // bridge vlan add vid 10-12 dev v1 untagged, as Linux 6.1 tells of it.
    const told =
      '3c000000700000000000000000000000' +
      '0700000003000000240001800800010004000a00060002000c00000005000300030000000500060001000000';
    const [message] = [...messagesOf(Uint8Array.from(Buffer.from(told, 'hex')))];
    if (message === undefined) throw new Error('no message');
    expect(readBridgeVlans(message, names())).toEqual(
      [10, 11, 12].map((id) => ({ link: 'v1', id, pvid: false, untagged: true })),
    );
  });

  it('tells of virtual functions', () => {
    const [message] = [...messagesOf(Uint8Array.from(Buffer.from(TOLD_OF_IGB, 'hex')))];
    if (message === undefined) throw new Error('no message');
    const counted = ['rxPackets', 'txPackets', 'rxBytes', 'txBytes', 'broadcast', 'multicast'];
    const statistics = Object.fromEntries([...counted, 'rxDropped', 'txDropped'].map((name) => [name, 0n]));
    const one = {
      spoofCheck: true,
      trust: false,
      linkState: 'auto',
      minTxRate: 0,
      maxTxRate: 0,
      statistics,
      vlan: null,
    };
    expect(readFunctions(message)).toEqual({
      name: 'eth4',
      on: { bus: 'pci', address: '0000:04:00.0' },
      count: 3,
      functions: [
        { ...one, index: 0, mac: '52:54:00:00:00:07' },
        { ...one, index: 1, mac: '52:54:00:00:00:08' },
        {
          ...one,
          index: 2,
          mac: '52:54:00:00:00:09',
          vlan: { id: 42, qos: 0, protocol: '802.1Q' },
        },
      ],
    });
  });

  const answer = (type: number, flags: number, write: (out: Writer) => void): Ending | undefined => {
    const out = new Writer();
    out.u32(0);
    out.u16(type);
    out.u16(flags);
    out.u32(7);
    out.u32(0);
    write(out);
    out.patch32(0, out.length);
    const [message] = [...messagesOf(joined([out.done()]))];
    return message && endingOf(message);
  };
  const words = (out: Writer, text: string) => {
    out.u16(4 + text.length + 1);
    out.u16(1);
    out.text(text);
    out.align();
  };

  it('is an acknowledgement, or an error with the words of the kernel', () => {
    const echo = new Uint8Array(16);
    expect(
      answer(2, 0x100, (out) => {
        out.s32(0);
        out.bytes(echo);
      }),
    ).toEqual({ sequence: 7, errno: 0 });
    expect(
      answer(2, 0x300, (out) => {
        out.s32(-17);
        out.bytes(echo);
        words(out, 'already there');
      }),
    ).toEqual({ sequence: 7, errno: 17, detail: 'already there' });
    const whole = new Writer();
    whole.u32(20);
    whole.bytes(new Uint8Array(16));
    expect(
      answer(2, 0x200, (out) => {
        out.s32(-22);
        out.bytes(whole.done());
        words(out, 'no');
      }),
    ).toEqual({ sequence: 7, errno: 22, detail: 'no' });
    expect(
      answer(3, 0x202, (out) => {
        out.s32(-4);
        words(out, 'cut');
      }),
    ).toEqual({ sequence: 7, errno: 4, detail: 'cut' });
    expect(answer(16, 0, () => {})).toBeUndefined();
  });
});

describe('a message that grows', () => {
  it.each([255, 256, 511, 512, 1023])('goes on behind %i bytes, with numbers of any size', (length) => {
    const writers: [(out: Writer) => void, number[]][] = [
      [(out) => out.u8(7), [7]],
      [(out) => out.u16(0x0102, false), [1, 2]],
      [(out) => out.u32(0x01020304, false), [1, 2, 3, 4]],
      [(out) => out.u64(0n), [0, 0, 0, 0, 0, 0, 0, 0]],
      [(out) => out.text('ä'), [0xc3, 0xa4, 0]],
    ];
    for (const [write, bytes] of writers) {
      const out = new Writer();
      for (let i = 0; i < length; i++) out.u8(i & 0xff);
      write(out);
      expect([...out.done()]).toEqual([...Array.from({ length }, (_, i) => i & 0xff), ...bytes]);
    }
  });

  it('is written whole, whatever the length of its texts', () => {
    for (let length = 1; length <= 255; length++) {
      const alias = 'x'.repeat(length);
      const message = linkMessage.write({ type: 16, attributes: { name: 'fifteen-bytes-x', alias, mtu: 9 } });
      const [told] = [...messagesOf(message)];
      expect(linkMessage.read(told?.payload as Bytes).attributes).toMatchObject({ alias, mtu: 9 });
    }
  });
});
