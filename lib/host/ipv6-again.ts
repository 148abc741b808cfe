// What a link was told of IPv6 itself: the kernel forgets it when it takes IPv6 off the link, and gives the link what new
// ones get. How it makes addresses and which token they end with are told by netlink, the rest by sysctls alone.
import { naming, said, toldAddresses } from './address.js';
import { away, isKernels } from './again.js';
import { describe } from './device-argument.js';
import type { Link } from './link.js';
import { attributesOf, writeAttribute } from './netlink/attributes.js';
import { Bytes } from './netlink/bytes.js';
import { linkMessage } from './netlink/info.js';
import { framed } from './netlink/message.js';
import { AF, RTM } from './netlink/numbers.js';
import type { Change, Settling } from './operation.js';
import type { Asking } from './rtnetlink.js';

const IFLA_AF_SPEC = 26;
/** IFLA_INET6_…, in the order in which they are told again: a token may be refused, and how addresses are made not be. */
const TOLD = { addressGeneration: 8, token: 7 } as const;

type Settings = ReadonlyMap<number, Uint8Array>;

const request = ({ index }: Link): Uint8Array => linkMessage.write({ type: RTM.GETLINK, header: { index } });

const inside = (bytes: Bytes | undefined, wanted: number): Bytes | undefined =>
  bytes && attributesOf(bytes).find(([number]) => number === wanted)?.[1];

/** What it is told now; nothing when it has no IPv6. */
async function settingsOf(kernel: Asking, link: Link): Promise<Settings> {
  const asked = { action: 'look for', object: describe(link.name), device: link.name };
  const [message] = await kernel.ask({ asked, request: RTM.GETLINK, write: () => request(link) });
  const ofLink = message?.payload.part(linkMessage.size);
  const ofIpv6 = inside(inside(ofLink, IFLA_AF_SPEC), AF.inet6);
  return new Map(
    Object.values(TOLD).flatMap((number) => {
      const value = inside(ofIpv6, number)?.toArray();
      return value ? [[number, value] as const] : [];
    }),
  );
}

const telling = ({ name, index }: Link, number: number, value: Uint8Array): Change => ({
  asked: { action: 'restore', object: `IPv6 of ${describe(name)}`, device: name },
  request: RTM.NEWLINK,
  write: () => {
    const header = linkMessage.write({ type: RTM.NEWLINK, header: { index } });
    return framed(RTM.NEWLINK, 0, (out) => {
      out.bytes(Bytes.of(header).part(16).toArray());
      writeAttribute(out, IFLA_AF_SPEC, () =>
        writeAttribute(out, AF.inet6, () => writeAttribute(out, number, () => out.bytes(value))),
      );
    });
  },
});

/** Tells a link what IPv6 on it was told, and takes away the addresses that the kernel has made because it was not. */
export async function ipv6Again(kernel: Asking, link: Link): Promise<Settling[]> {
  const before = await settingsOf(kernel, link);
  if (before.size === 0) return [];
  const { name, index, mac } = link;
  const own = (asking: Asking) => toldAddresses(asking, { link: name, family: 'ipv6' });
  const had = new Set((await own(kernel)).map(({ address: { cidr } }) => cidr));
  const missing = async (asking: Asking): Promise<Change[]> => {
    const now = await settingsOf(asking, link);
    const told = [...before].filter(([number, value]) => now.get(number)?.join() !== value.join());
    const made = (await own(asking)).filter(
      ({ address: { cidr }, told: of }) => !had.has(cidr) && isKernels(of(), mac),
    );
    return [
      ...told.map(([number, value]) => telling(link, number, value)),
      ...made.map((one) => away('ADDR', said(one.address), naming(one.told()))),
    ];
  };
  return [
    {
      asked: { action: 'restore', object: `IPv6 of ${describe(name)}`, device: name },
      settles: `IPv6 of ${index}`,
      missing,
    },
  ];
}
