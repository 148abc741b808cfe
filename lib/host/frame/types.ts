// What frames are as values: layer in layer, told apart by `kind`.

/** Bytes that are not looked into. */
export interface Payload {
  kind: 'bytes';
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
  kind: 'ethernet';
  destination: string;
  source: string;
  /** Outermost first. */
  tags?: readonly FrameTag[];
  /** The type; needed only where the content is bytes. */
  type?: number;
  content: ArpMessage | Ipv4Packet | Ipv6Packet | Payload;
}

/** ARP for IPv4 over Ethernet (RFC 826). */
export interface ArpMessage {
  kind: 'arp';
  operation: 'request' | 'reply';
  senderMac: string;
  senderIp: string;
  targetMac: string;
  targetIp: string;
}

/** What IP carries. */
export type Transport = TcpSegment | UdpDatagram | IcmpMessage | Payload;

/** An IPv4 packet (RFC 791). */
export interface Ipv4Packet {
  kind: 'ipv4';
  source: string;
  destination: string;
  /** Time to live; 64 if not given. */
  ttl?: number;
  /** DSCP and ECN, the byte that was the type of service. */
  trafficClass?: number;
  id?: number;
  dontFragment?: boolean;
  /** Of a fragment: whether more follow, and where it begins, in bytes. Its content is bytes. */
  moreFragments?: boolean;
  fragmentOffset?: number;
  /** As they are, a multiple of 4 bytes. */
  options?: Uint8Array;
  /** The protocol; needed only where the content is bytes. */
  protocol?: number;
  content: Transport;
}

/** An IPv6 packet (RFC 8200). Extension headers are part of content that is bytes. */
export interface Ipv6Packet {
  kind: 'ipv6';
  source: string;
  destination: string;
  /** 64 if not given. */
  hopLimit?: number;
  trafficClass?: number;
  flowLabel?: number;
  /** The next header; needed only where the content is bytes. */
  protocol?: number;
  content: Transport;
}

/** A UDP datagram (RFC 768). */
export interface UdpDatagram {
  kind: 'udp';
  sourcePort: number;
  destinationPort: number;
  content: DhcpMessage | Payload;
}

/** The flags of a TCP segment. */
export type TcpFlag = 'fin' | 'syn' | 'rst' | 'psh' | 'ack' | 'urg' | 'ece' | 'cwr';

/** A TCP segment (RFC 9293). */
export interface TcpSegment {
  kind: 'tcp';
  sourcePort: number;
  destinationPort: number;
  sequence: number;
  acknowledgement?: number;
  flags: readonly TcpFlag[];
  window?: number;
  urgent?: number;
  /** As they are; filled up to a multiple of 4 bytes. */
  options?: Uint8Array;
  content: Payload;
}

/** An ICMP message (RFC 792), or ICMPv6 (RFC 4443) in an IPv6 packet. */
export interface IcmpMessage {
  kind: 'icmp';
  type: number;
  code: number;
  /** The four bytes behind the checksum; of an echo its identifier and number. */
  rest?: number;
  content: Payload;
}

/** What a DHCP message says by its option 53 (RFC 2132, section 9.6). */
export type DhcpType = 'discover' | 'offer' | 'request' | 'decline' | 'ack' | 'nak' | 'release' | 'inform';

/** A DHCP message for IPv4 (RFC 2131). */
export interface DhcpMessage {
  kind: 'dhcp';
  operation: 'request' | 'reply';
  transaction: number;
  seconds?: number;
  broadcast?: boolean;
  /** The client's address, if it has one. */
  clientIp?: string;
  /** The address that it is given. */
  yourIp?: string;
  serverIp?: string;
  relayIp?: string;
  mac: string;
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
