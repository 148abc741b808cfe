// What frames are as values: layer in layer, told apart by `kind`.

/** Bytes that are not looked into. */
export interface Payload {
  /** That nobody looked into it. */
  kind: 'bytes';
  /** As it goes over the network. */
  bytes: Uint8Array;
}

/** An 802.1Q tag. */
export interface FrameTag {
  /** The VLAN, 0 to 4095. */
  id: number;
  /** 0 to 7; 0 if not given. */
  priority?: number;
  /** Drop eligible indicator. */
  dropEligible?: boolean;
  /** 0x8100 for 802.1Q, as if not given, 0x88a8 for 802.1ad. */
  protocol?: number;
}

/** An Ethernet frame (IEEE 802.3), without preamble and check sequence. */
export interface EthernetFrame {
  /** That it is a frame of Ethernet. */
  kind: 'ethernet';
  /** The MAC address that it goes to. */
  destination: string;
  /** The MAC address that it comes from. */
  source: string;
  /** Outermost first. */
  tags?: readonly FrameTag[];
  /** The type; needed only where the content is bytes. */
  type?: number;
  /** What it carries. */
  content: ArpMessage | Ipv4Packet | Ipv6Packet | Payload;
}

/** ARP for IPv4 over Ethernet (RFC 826). */
export interface ArpMessage {
  /** That it is a message of ARP. */
  kind: 'arp';
  /** Whether it asks or answers. */
  operation: 'request' | 'reply';
  /** The MAC address of who sends it. */
  senderMac: string;
  /** The IPv4 address of who sends it. */
  senderIp: string;
  /** The MAC address of whom it is for; of a request all zeros. */
  targetMac: string;
  /** The IPv4 address that is asked for, or that is answered. */
  targetIp: string;
}

/** What IP carries. */
export type Transport = TcpSegment | UdpDatagram | IcmpMessage | Payload;

/** An IPv4 packet (RFC 791). */
export interface Ipv4Packet {
  /** That it is a packet of IPv4. */
  kind: 'ipv4';
  /** The address that it comes from. */
  source: string;
  /** The address that it goes to. */
  destination: string;
  /** Time to live; 64 if not given. */
  ttl?: number;
  /** DSCP and ECN, the byte that was the type of service. */
  trafficClass?: number;
  /** What the fragments of a packet have in common. */
  id?: number;
  /** Whether nobody may cut it into fragments. */
  dontFragment?: boolean;
  /** Of a fragment: whether more follow. Its content is bytes. */
  moreFragments?: boolean;
  /** Of a fragment: where it begins, in bytes. Its content is bytes. */
  fragmentOffset?: number;
  /** As they are, a multiple of 4 bytes. */
  options?: Uint8Array;
  /** The protocol; needed only where the content is bytes. */
  protocol?: number;
  /** What it carries. */
  content: Transport;
}

/** An IPv6 packet (RFC 8200). Extension headers are part of content that is bytes. */
export interface Ipv6Packet {
  /** That it is a packet of IPv6. */
  kind: 'ipv6';
  /** The address that it comes from. */
  source: string;
  /** The address that it goes to. */
  destination: string;
  /** 64 if not given. */
  hopLimit?: number;
  /** DSCP and ECN. */
  trafficClass?: number;
  /** What packets of one flow have in common: 20 bits. */
  flowLabel?: number;
  /** The next header; needed only where the content is bytes. */
  protocol?: number;
  /** What it carries. */
  content: Transport;
}

/** A UDP datagram (RFC 768). */
export interface UdpDatagram {
  /** That it is a datagram of UDP. */
  kind: 'udp';
  /** The port that it comes from. */
  sourcePort: number;
  /** The port that it goes to. */
  destinationPort: number;
  /** What it carries. */
  content: DhcpMessage | Payload;
}

/** The flags of a TCP segment. */
export type TcpFlag = 'fin' | 'syn' | 'rst' | 'psh' | 'ack' | 'urg' | 'ece' | 'cwr';

/** A TCP segment (RFC 9293). */
export interface TcpSegment {
  /** That it is a segment of TCP. */
  kind: 'tcp';
  /** The port that it comes from. */
  sourcePort: number;
  /** The port that it goes to. */
  destinationPort: number;
  /** The number of its first byte. */
  sequence: number;
  /** The number of the byte that is waited for next. */
  acknowledgement?: number;
  /** What it says of the connection. */
  flags: readonly TcpFlag[];
  /** How many bytes the sender has room for, before scaling. */
  window?: number;
  /** Where urgent bytes end, counted from `sequence`. */
  urgent?: number;
  /** As they are; filled up to a multiple of 4 bytes. */
  options?: Uint8Array;
  /** What it carries. */
  content: Payload;
}

/** An ICMP message (RFC 792), or ICMPv6 (RFC 4443) in an IPv6 packet. */
export interface IcmpMessage {
  /** That it is a message of ICMP. */
  kind: 'icmp';
  /** What it says, by its number: 8 asks for an echo of IPv4, 0 answers. */
  type: number;
  /** Which case of its type. */
  code: number;
  /** The four bytes behind the checksum; of an echo its identifier and number. */
  rest?: number;
  /** What it carries. */
  content: Payload;
}

/** What a DHCP message says by its option 53 (RFC 2132, section 9.6). */
export type DhcpType = 'discover' | 'offer' | 'request' | 'decline' | 'ack' | 'nak' | 'release' | 'inform';

/** A DHCP message for IPv4 (RFC 2131). */
export interface DhcpMessage {
  /** That it is a message of DHCP. */
  kind: 'dhcp';
  /** Whether a client sends it or a server. */
  operation: 'request' | 'reply';
  /** How many relays have passed it on; 0 if not given. */
  hops?: number;
  /** The number that the client chose for what belongs together. */
  transaction: number;
  /** How long the client has been trying. */
  seconds?: number;
  /** Whether the client can be answered by broadcast only. */
  broadcast?: boolean;
  /** The client's address, if it has one. */
  clientIp?: string;
  /** The address that it is given. */
  yourIp?: string;
  /** The address of the next server. */
  serverIp?: string;
  /** The address of the relay that passed it on. */
  relayIp?: string;
  /** The client's MAC address. */
  mac: string;
  /** The name of the next server (`sname`), or options where option 52 says so: as it is, up to 64 bytes, without zeros at its end. */
  serverName?: Uint8Array;
  /** What is booted from there (`file`), as in `pxelinux.0`: in the same way, up to 128 bytes. */
  bootFile?: Uint8Array;
  /** What kind of message it is (option 53). */
  type?: DhcpType;
  /** The other options by number, as they are: `{ 12: …the host name }`. */
  options?: Readonly<Record<number, Uint8Array>>;
}

/** Whether checksums of what is decoded must be right. */
export interface DecodeOptions {
  /**
   * false takes frames whose checksums are not right, as those are that a network card was to complete. Those of IPv4
   * headers must be right then, too. true if not given.
   */
  checksums?: boolean;
}
