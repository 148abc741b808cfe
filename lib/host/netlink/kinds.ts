// Kinds of links: what each can be told and tells of itself, and what a link of the kind says of its ports in
// IFLA_INFO_SLAVE_DATA. A kind is a row here.

import type { Rows, Settable, Table, Told } from './attributes.js';
import { bondMember, bondOptions } from './bond.js';
import { bridgeOptions, bridgePort } from './bridge.js';
import { ipvlan, macvlan, nothing, tun, veth, vlan, vrf, vxlan } from './kind-rows.js';
import { geneve, gre, gre6, ip6tnl, ipip, sit } from './tunnel-rows.js';

export type { PeerOptions } from './kind-rows.js';

/** Kinds by the kernel's names, and what each can be told. */
export const kindTables = {
  bridge: bridgeOptions,
  veth,
  vlan,
  bond: bondOptions,
  macvlan,
  macvtap: macvlan,
  ipvlan,
  dummy: nothing,
  ifb: nothing,
  vxlan,
  geneve,
  gre,
  gretap: gre,
  ip6gre: gre6,
  ip6gretap: gre6,
  ipip,
  sit,
  ip6tnl,
  vrf,
  tun,
} as const satisfies Readonly<Record<string, Table<Rows>>>;

/**
 * The kinds of links whose options virtnet knows, in the kernel's words.
 *
 * @useDeclaredType
 */
export type LinkKind = keyof typeof kindTables;

/** Kinds that cannot be without a link that they stand on. */
export const standing: ReadonlySet<string> = new Set<LinkKind>(['vlan', 'macvlan', 'macvtap', 'ipvlan']);

/** Kinds that the kernel sets anew with each change: what is not said goes back to what it is by itself. */
export const forgetful: ReadonlySet<string> = new Set<LinkKind>([
  ...(['gre', 'gretap', 'ip6gre', 'ip6gretap'] as const),
  ...(['ipip', 'sit', 'ip6tnl'] as const),
]);

/** What a link is told when it is made; of another value later the kernel takes no notice, and says nothing of it. */
export const inborn: Readonly<Partial<Record<LinkKind, readonly string[]>>> = {
  vlan: ['id', 'protocol'],
  ipip: ['protocol'],
  sit: ['protocol', 'flags'],
};

/** What the kernel module of a kind is called, where it is not the kind's own name. */
export const moduleOf: Readonly<Record<string, string>> = {
  vlan: '8021q',
  bond: 'bonding',
  macvtap: 'macvtap',
  gre: 'ip_gre',
  gretap: 'ip_gre',
  ip6gre: 'ip6_gre',
  ip6gretap: 'ip6_gre',
  ip6tnl: 'ip6_tunnel',
};

/**
 * What a bridge can be told. Source: IFLA_BR_… of linux/if_link.h.
 *
 * @interface
 */
export type BridgeOptions = Settable<(typeof bridgeOptions)['rows']>;

/**
 * What the kernel tells of a bridge.
 *
 * @interface
 */
export type BridgeFacts = Told<(typeof bridgeOptions)['rows']>;

/**
 * What a veth can be told.
 *
 * @interface
 */
export type VethOptions = Settable<(typeof veth)['rows']>;

/**
 * What a VLAN can be told. Source: IFLA_VLAN_… of linux/if_link.h.
 *
 * @interface
 */
export type VlanOptions = Settable<(typeof vlan)['rows']>;

/**
 * What the kernel tells of a VLAN.
 *
 * @interface
 */
export type VlanFacts = Told<(typeof vlan)['rows']>;

/**
 * What a bond can be told. Source: IFLA_BOND_… of linux/if_link.h.
 *
 * @see https://docs.kernel.org/networking/bonding.html
 *
 * @interface
 */
export type BondOptions = Settable<(typeof bondOptions)['rows']>;

/**
 * What the kernel tells of a bond.
 *
 * @interface
 */
export type BondFacts = Told<(typeof bondOptions)['rows']>;

/**
 * What a macvlan or a macvtap can be told. Source: IFLA_MACVLAN_… of linux/if_link.h.
 *
 * @interface
 */
export type MacvlanOptions = Settable<(typeof macvlan)['rows']>;

/**
 * What the kernel tells of a macvlan or a macvtap.
 *
 * @interface
 */
export type MacvlanFacts = Told<(typeof macvlan)['rows']>;

/**
 * What an ipvlan can be told. Source: IFLA_IPVLAN_… of linux/if_link.h.
 *
 * @interface
 */
export type IpvlanOptions = Settable<(typeof ipvlan)['rows']>;

/**
 * What the kernel tells of an ipvlan.
 *
 * @interface
 */
export type IpvlanFacts = Told<(typeof ipvlan)['rows']>;

/**
 * What a VXLAN can be told. Source: IFLA_VXLAN_… of linux/if_link.h.
 *
 * @interface
 */
export type VxlanOptions = Settable<(typeof vxlan)['rows']>;

/**
 * What the kernel tells of a VXLAN.
 *
 * @interface
 */
export type VxlanFacts = Told<(typeof vxlan)['rows']>;

/**
 * What a Geneve tunnel can be told. Source: IFLA_GENEVE_… of linux/if_link.h.
 *
 * @interface
 */
export type GeneveOptions = Settable<(typeof geneve)['rows']>;

/**
 * What the kernel tells of a Geneve tunnel.
 *
 * @interface
 */
export type GeneveFacts = Told<(typeof geneve)['rows']>;

/**
 * What a GRE tunnel over IPv4 (gre, gretap) can be told. Source: IFLA_GRE_… of linux/if_tunnel.h.
 *
 * @interface
 */
export type GreOptions = Settable<(typeof gre)['rows']>;

/**
 * What the kernel tells of a GRE tunnel over IPv4.
 *
 * @interface
 */
export type GreFacts = Told<(typeof gre)['rows']>;

/**
 * What a GRE tunnel over IPv6 (ip6gre, ip6gretap) can be told. Source: IFLA_GRE_… of linux/if_tunnel.h.
 *
 * @interface
 */
export type Gre6Options = Settable<(typeof gre6)['rows']>;

/**
 * What the kernel tells of a GRE tunnel over IPv6.
 *
 * @interface
 */
export type Gre6Facts = Told<(typeof gre6)['rows']>;

/**
 * What an IPv4 tunnel (ipip) can be told. Source: IFLA_IPTUN_… of linux/if_tunnel.h.
 *
 * @interface
 */
export type IpipOptions = Settable<(typeof ipip)['rows']>;

/**
 * What the kernel tells of an IPv4 tunnel (ipip).
 *
 * @interface
 */
export type IpipFacts = Told<(typeof ipip)['rows']>;

/**
 * What a tunnel for IPv6 over IPv4 (sit) can be told. Source: IFLA_IPTUN_… of linux/if_tunnel.h.
 *
 * @interface
 */
export type SitOptions = Settable<(typeof sit)['rows']>;

/**
 * What the kernel tells of a tunnel for IPv6 over IPv4 (sit).
 *
 * @interface
 */
export type SitFacts = Told<(typeof sit)['rows']>;

/**
 * What a tunnel over IPv6 (ip6tnl) can be told. Source: IFLA_IPTUN_… of linux/if_tunnel.h.
 *
 * @interface
 */
export type Ip6tnlOptions = Settable<(typeof ip6tnl)['rows']>;

/**
 * What the kernel tells of a tunnel over IPv6 (ip6tnl).
 *
 * @interface
 */
export type Ip6tnlFacts = Told<(typeof ip6tnl)['rows']>;

/**
 * What a VRF can be told. Source: IFLA_VRF_… of linux/if_link.h.
 *
 * @interface
 */
export type VrfOptions = Settable<(typeof vrf)['rows']>;

/**
 * What the kernel tells of a VRF.
 *
 * @interface
 */
export type VrfFacts = Told<(typeof vrf)['rows']>;

/**
 * What the kernel tells of a tun or tap. Source: IFLA_TUN_… of linux/if_link.h.
 *
 * @interface
 */
export type TunFacts = Told<(typeof tun)['rows']>;

/**
 * Of a link of this kind there is nothing to say but what every link has.
 *
 * @interface
 */
export type NoOptions = Settable<(typeof nothing)['rows']>;

/** What links can be told, by their kind. */
export interface OptionsByKind {
  /** A software switch. */
  bridge: BridgeOptions;
  /** One end of a cable between two links. */
  veth: VethOptions;
  /** A VLAN of another link, by its tag. */
  vlan: VlanOptions;
  /** Several links that act as one. */
  bond: BondOptions;
  /** A MAC address of its own on another link. */
  macvlan: MacvlanOptions;
  /** A macvlan for a guest: a character device. */
  macvtap: MacvlanOptions;
  /** IP addresses of its own on another link, with that one's MAC address. */
  ipvlan: IpvlanOptions;
  /** A link to nowhere. */
  dummy: NoOptions;
  /** A link for the traffic control of what another one receives. */
  ifb: NoOptions;
  /** An Ethernet in UDP. */
  vxlan: VxlanOptions;
  /** An Ethernet in UDP, with room for notes in its header. */
  geneve: GeneveOptions;
  /** A tunnel for IP over IPv4. */
  gre: GreOptions;
  /** An Ethernet over IPv4. */
  gretap: GreOptions;
  /** A tunnel for IP over IPv6. */
  ip6gre: Gre6Options;
  /** An Ethernet over IPv6. */
  ip6gretap: Gre6Options;
  /** A tunnel for IPv4 over IPv4. */
  ipip: IpipOptions;
  /** A tunnel for IPv6 over IPv4. */
  sit: SitOptions;
  /** A tunnel for IP over IPv6. */
  ip6tnl: Ip6tnlOptions;
  /** A routing table of its own for the links in it. */
  vrf: VrfOptions;
  /** A tun or tap. */
  tun: NoOptions;
}

/** What the kernel tells of links, by their kind. */
export interface FactsByKind {
  /** A software switch. */
  bridge: BridgeFacts;
  /** One end of a cable between two links. */
  veth: NoOptions;
  /** A VLAN of another link, by its tag. */
  vlan: VlanFacts;
  /** Several links that act as one. */
  bond: BondFacts;
  /** A MAC address of its own on another link. */
  macvlan: MacvlanFacts;
  /** A macvlan for a guest: a character device. */
  macvtap: MacvlanFacts;
  /** IP addresses of its own on another link, with that one's MAC address. */
  ipvlan: IpvlanFacts;
  /** A link to nowhere. */
  dummy: NoOptions;
  /** A link for the traffic control of what another one receives. */
  ifb: NoOptions;
  /** An Ethernet in UDP. */
  vxlan: VxlanFacts;
  /** An Ethernet in UDP, with room for notes in its header. */
  geneve: GeneveFacts;
  /** A tunnel for IP over IPv4. */
  gre: GreFacts;
  /** An Ethernet over IPv4. */
  gretap: GreFacts;
  /** A tunnel for IP over IPv6. */
  ip6gre: Gre6Facts;
  /** An Ethernet over IPv6. */
  ip6gretap: Gre6Facts;
  /** A tunnel for IPv4 over IPv4. */
  ipip: IpipFacts;
  /** A tunnel for IPv6 over IPv4. */
  sit: SitFacts;
  /** A tunnel for IP over IPv6. */
  ip6tnl: Ip6tnlFacts;
  /** A routing table of its own for the links in it. */
  vrf: VrfFacts;
  /** A tun or tap. */
  tun: TunFacts;
}

/**
 * What a kind of link can be told: {@link BridgeOptions}, {@link VethOptions}, {@link VlanOptions}, {@link BondOptions},
 * {@link MacvlanOptions} (of macvtap, too), {@link IpvlanOptions}, {@link VxlanOptions}, {@link GeneveOptions},
 * {@link GreOptions} (of gre and gretap), {@link Gre6Options} (of ip6gre and ip6gretap), {@link IpipOptions},
 * {@link SitOptions}, {@link Ip6tnlOptions} or {@link VrfOptions}.
 */
export type KindOptions<K extends LinkKind> = OptionsByKind[K];

/**
 * What the kernel tells of a kind of link: {@link BridgeFacts}, {@link VlanFacts}, {@link BondFacts},
 * {@link MacvlanFacts} (of macvtap, too), {@link IpvlanFacts}, {@link VxlanFacts}, {@link GeneveFacts}, {@link GreFacts} (of
 * gre and gretap), {@link Gre6Facts} (of ip6gre and ip6gretap), {@link IpipFacts}, {@link SitFacts}, {@link Ip6tnlFacts},
 * {@link VrfFacts} or {@link TunFacts}.
 */
export type KindFacts<K extends LinkKind> = FactsByKind[K];

/** Ports by the kind of their master. */
export const portTables = { bridge: bridgePort, bond: bondMember } as const satisfies Readonly<
  Record<string, Table<Rows>>
>;
export type PortKind = keyof typeof portTables;

/**
 * What a port of a bridge can be told. Source: IFLA_BRPORT_… of linux/if_link.h.
 *
 * @interface
 */
export type BridgePortOptions = Settable<(typeof bridgePort)['rows']>;

/**
 * What a bridge says of a port.
 *
 * @interface
 */
export type BridgePortFacts = Told<(typeof bridgePort)['rows']>;

/**
 * What a member of a bond can be told. Source: IFLA_BOND_SLAVE_… of linux/if_link.h.
 *
 * @interface
 */
export type BondMemberOptions = Settable<(typeof bondMember)['rows']>;

/**
 * What a bond says of a member.
 *
 * @interface
 */
export type BondMemberFacts = Told<(typeof bondMember)['rows']>;
