// The addresses of a guest, and who can tell them: the DHCP server of its network, the agent in it, the host's
// table of neighbours.
import { LibvirtError } from '../../errors.js';
import { virDomainInterfaceAddressesSource, virIPAddrType } from '../../native/constants.gen.js';
import type { AskDomain, Domain } from './domain.js';
import type { GuestNic } from './guest-nic.js';

/**
 * Who tells an address: a DHCP lease of the network, the guest agent, or the host's ARP table. Leases and the table may
 * tell what the guest had in an earlier run.
 */
export type AddressSource = 'lease' | 'agent' | 'arp';

/** An address of a guest. */
export interface GuestAddress {
  /** As in `192.168.10.23` or `fd00::23`. */
  readonly address: string;
  /** Which of the two. */
  readonly family: 'ipv4' | 'ipv6';
  /** The length of the subnet's prefix; 0 when the source does not know. */
  readonly prefix: number;
  /** The MAC address of its NIC. */
  readonly mac: string;
  /** Who told it. */
  readonly source: AddressSource;
}

/** What a source has answered. */
export interface Answer {
  /** The addresses, the likeliest first. */
  readonly addresses: readonly GuestAddress[];
  /** Why there is none, when there is none. */
  readonly why: string;
}

type Source = (domain: Domain, ask: AskDomain, nics: readonly GuestNic[]) => Promise<Answer>;

/** Asks libvirt; addresses of NICs that are the guest's own affair, such as bridges in it, are left out. */
const interfaceAddresses =
  (source: 'agent' | 'arp', why: string): Source =>
  async (_, ask, nics) => {
    const number = virDomainInterfaceAddressesSource[source === 'agent' ? 'AGENT' : 'ARP'];
    const found = await ask('ask the addresses of', (functions, handle) =>
      functions.virDomainInterfaceAddresses(handle, number, 0),
    );
    const addresses = found.flatMap(({ hwaddr, addrs }) => {
      const mac = hwaddr?.toLowerCase() ?? '';
      if (!nics.some((nic) => nic.mac === mac)) return [];
      return addrs.map(({ type, addr, prefix }) => address(addr ?? '', type, prefix, mac, source));
    });
    return { addresses, why };
  };

/** libvirt asks the same server, but does not say how old a lease is. */
const leases: Source = async ({ connection }, _, nics) => {
  const onNetworks = nics.filter(({ network }) => network !== undefined);
  const found = await Promise.all(
    onNetworks.map(async ({ network = '', mac }) => (await connection.networks.get(network)).leases(mac)),
  );
  const newestFirst = found.flatMap((leases) => leases.sort((a, b) => end(b.expires) - end(a.expires)));
  const addresses = newestFirst.map(({ address, family, prefix, mac = '' }) =>
    Object.freeze({ address, family, prefix, mac: mac.toLowerCase(), source: 'lease' as const }),
  );
  const asked = onNetworks.map(({ mac, network }) => `${mac} on '${network}'`).join(', ');
  return { addresses, why: asked === '' ? 'no NIC is on a network of libvirt' : `none for ${asked}` };
};

const end = (expires: Date | undefined): number => expires?.getTime() ?? Number.MAX_VALUE;

const sources: { readonly [Each in AddressSource]: Source } = {
  lease: leases,
  agent: interfaceAddresses('agent', 'it knows none yet'),
  arp: interfaceAddresses('arp', 'the host has not heard of one'),
};

/** The names of the sources, in the order in which they are believed. */
export const addressSources = ['agent', 'lease', 'arp'] as const satisfies AddressSource[];

/** What one source says of some NICs. A source that fails says why. */
export async function askSource(
  source: AddressSource,
  domain: Domain,
  ask: AskDomain,
  nics: readonly GuestNic[],
): Promise<Answer> {
  try {
    return await sources[source](domain, ask, nics);
  } catch (error) {
    if (!(error instanceof LibvirtError) || isGone(error)) throw error;
    return { addresses: [], why: error.message.replace(/^cannot ask the addresses of domain '.*?': /, '') };
  }
}

/** After these there is nobody left to ask. */
function isGone({ code }: LibvirtError): boolean {
  return code === 'CONNECTION_CLOSED' || code === 'CONNECTION_LOST' || code === 'NO_DOMAIN';
}

function address(
  address: string,
  type: number,
  prefix: number,
  mac: string,
  source: AddressSource,
): GuestAddress {
  const family = type === virIPAddrType.IPV6 ? 'ipv6' : 'ipv4';
  return Object.freeze({ address, family, prefix, mac, source });
}

/** Whether others can reach it: neither this host's own (RFC 1122, RFC 4291) nor its link's (RFC 3927, RFC 4291). */
export function isReachable({ address }: GuestAddress): boolean {
  return !/^(127\.|169\.254\.|::1$|fe[89ab])/i.test(address);
}
