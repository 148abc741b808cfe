// What to do about an error, in rows: a code, the function or a pattern for libvirt's words where the code
// alone says too little, and the advice. The first row that fits is taken.
import type { ErrorCode } from '../errors.js';
import { domainHints } from './domain/hints.js';
import { filterHints } from './filter/hints.js';
import { hostInterfaceHints } from './host-interface/hints.js';
import { networkHints } from './network/hints.js';
import { nodeDeviceHints } from './node-device/hints.js';

/** One piece of advice. */
export interface HintRow {
  code: ErrorCode | readonly ErrorCode[];
  /** The C function that failed. */
  in?: string | readonly string[];
  words?: RegExp;
  hint: string;
}

const uriForm = 'a URI looks like qemu:///system, qemu+ssh://user@host/system or test:///default';
const giveAuth =
  'the daemon asks who you are: give connect() the option auth, or for polkit run as root or as a member of the group libvirt';

const connecting = ['SYSTEM_ERROR', 'RPC', 'INTERNAL_ERROR', 'NO_CONNECT'] as const;

const rows: readonly HintRow[] = [
  ...domainHints,
  ...filterHints,
  ...networkHints,
  ...nodeDeviceHints,
  ...hostInterfaceHints,
  {
    code: 'LIBRARY_MISSING',
    hint: 'install libvirt0 (apt install libvirt0; dnf install libvirt-libs)',
  },
  {
    code: connecting,
    words: /socket.*no such file or directory/i,
    hint:
      'no libvirt daemon runs here: start it (systemctl start libvirtd, or virtqemud and virtnetworkd), ' +
      'or install it (apt install libvirt-daemon-system); test:///default needs none',
  },
  {
    code: connecting,
    words: /connection refused/i,
    hint: 'nothing listens there: start the daemon (systemctl restart libvirtd), or correct the host and port in the URI',
  },
  {
    code: connecting,
    words: /socket.*permission denied/i,
    hint: 'add your user to the group libvirt and log in again, or use qemu:///session, or run as root',
  },
  {
    code: connecting,
    words: /unable to resolve address|name or service not known|no route to host|network is unreachable/i,
    hint: 'the host in the URI cannot be reached from here',
  },
  {
    code: 'CONNECTION_LOST',
    hint:
      'the daemon ended or dropped the connection: connect() again; ' +
      'while connection.reconnects is true it does so by itself, then ask again',
  },
  {
    code: connecting,
    words: /end of file|broken pipe|connection reset|client socket is closed/i,
    hint: 'what answers there is no libvirt daemon, or one that refuses connections: look at its log',
  },
  {
    code: ['NO_CONNECT', 'INTERNAL_ERROR', 'INVALID_ARG'],
    words: /driver name|parse URI|supply a path|URI path/,
    hint: uriForm,
  },
  {
    code: connecting,
    words: /certificate/i,
    hint: 'TLS needs certificates on both sides, see https://libvirt.org/tlscerts.html; ?pkipath=FOLDER in the URI says where those of this side are',
  },
  {
    code: 'NO_CONNECT',
    hint: 'the URI names a hypervisor that libvirt does not know here: qemu:///system, qemu:///session and test:///default are the usual ones',
  },
  { code: 'INVALID_ARG', words: /uri|url/i, hint: uriForm },
  {
    code: 'INVALID_ARG',
    words: /unsupported flags/,
    hint: 'the driver behind this connection, or its version, does not know an option of this call',
  },
  { code: 'AUTH_FAILED', in: ['virConnectOpen', 'virConnectOpenReadOnly'], hint: giveAuth },
  { code: 'AUTH_FAILED', hint: 'check the user name and password that the option auth gives' },
  { code: ['AUTH_CANCELLED', 'AUTH_UNAVAILABLE'], hint: giveAuth },
  { code: 'INVALID_ARG', words: /missing authentication credentials/i, hint: giveAuth },
  {
    code: 'OPERATION_DENIED',
    words: /read.?only/i,
    hint: 'this connection may only look: open another, without readOnly and not on a read-only socket, to change anything',
  },
  { code: 'ACCESS_DENIED', hint: "the daemon's access rules refuse this to your user" },
  { code: 'NO_DOMAIN', hint: 'connection.domains.list() gives the guests that exist' },
  { code: 'NO_NETWORK', hint: 'connection.networks.list() gives the networks that exist' },
  {
    code: 'NETWORK_EXIST',
    hint: 'choose another name, or change the network that exists: networks.get(name), describe(), define()',
  },
  {
    code: 'OPERATION_FAILED',
    words: /already (exists|defined)/i,
    hint: 'choose another name, or change the network that exists: networks.get(name), describe(), define()',
  },
  {
    code: ['OPERATION_INVALID', 'OPERATION_FAILED'],
    words: /already (active|in use|running)|is active/i,
    hint: 'it runs already: destroy() stops it',
  },
  {
    code: 'OPERATION_INVALID',
    in: 'virNetworkSetAutostart',
    words: /transient/,
    hint: 'it has no configuration to be started from: define() it',
  },
  {
    code: 'OPERATION_INVALID',
    in: 'virNetworkUndefine',
    words: /transient/,
    hint: 'it has no configuration: destroy() ends it',
  },
  { code: 'OPERATION_INVALID', in: 'virNetworkDestroy', hint: 'it is stopped already' },
  { code: 'OPERATION_INVALID', in: 'virNetworkUndefine', words: /still running/, hint: 'destroy() it first' },
  {
    code: 'INTERNAL_ERROR',
    in: 'virNetworkGetBridgeName',
    words: /does not have a bridge name/,
    hint: 'networks of the modes macvtap and hostdev have none; describe().forward tells their devices',
  },
  {
    code: 'OPERATION_INVALID',
    in: [
      'virDomainAttachDeviceFlags',
      'virDomainUpdateDeviceFlags',
      'virDomainCreateWithFlags',
      'virDomainCreateXML',
    ],
    words: /network '.*' is not active/,
    hint: 'its network does not run: start that first, (await connection.networks.get(NAME)).start()',
  },
  {
    code: 'AGENT_UNRESPONSIVE',
    hint: 'the guest agent does not answer: qemu-guest-agent must run in the guest (agentLifecycle tells when it does)',
  },
  {
    code: 'ARGUMENT_UNSUPPORTED',
    words: /agent is not configured/i,
    hint: "the guest has no channel for an agent: add <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>",
  },
  {
    code: 'OPERATION_INVALID',
    words: /not active|is inactive|not running/i,
    hint: 'it does not run: start() it first, or change its configuration alone with { live: false }',
  },
  {
    code: ['INTERNAL_ERROR', 'OPERATION_FAILED'],
    words: /already in use by interface/i,
    hint: 'this machine already has an interface in that subnet: choose another CIDR (ip -br address shows those taken)',
  },
  {
    code: 'INTERNAL_ERROR',
    in: ['virNetworkDefineXML', 'virNetworkDefineXMLFlags'],
    words: /bridge name .* already in use/i,
    hint:
      'a network has that bridge: choose another name for the bridge, or undefine() that network first, also when it is ' +
      'the same one under its old name: libvirt cannot rename it',
  },
  {
    code: 'INTERNAL_ERROR',
    words: /bridge generation exceeded/i,
    hint: "libvirt makes up no more names for bridges: give this one a name of your own, as in bridge: 'br-lan'",
  },
  {
    code: ['SYSTEM_ERROR', 'INTERNAL_ERROR'],
    words: /creating bridge interface .*exists|bridge name .* already in use/i,
    hint: 'there is an interface of that name which is not of this network: choose another name for the bridge, or build.network.bridged for a bridge that exists; ip link delete NAME removes one that a crash left',
  },
  {
    code: 'INTERNAL_ERROR',
    words: /dnsmasq[\s\S]*address already in use/i,
    hint: 'another server has that address: look for it (ss -lnp), and bind it to other addresses or stop it',
  },
  {
    code: 'INTERNAL_ERROR',
    words: /dnsmasq[\s\S]*bad option/i,
    hint: 'this dnsmasq does not know a line of dnsmasqOptions',
  },
  {
    code: ['INTERNAL_ERROR', 'OPERATION_FAILED', 'SYSTEM_ERROR'],
    words: /find.*dnsmasq|dnsmasq.*not found/i,
    hint: 'libvirt runs dnsmasq for DHCP and DNS: apt install dnsmasq-base',
  },
  {
    code: ['INTERNAL_ERROR', 'OPERATION_FAILED', 'SYSTEM_ERROR'],
    words: /iptables|nftables|\bnft\b|firewall/i,
    hint: 'libvirt sets firewall rules for this mode: apt install iptables nftables, and the kernel must have the modules',
  },
  {
    code: ['INTERNAL_ERROR', 'OPERATION_FAILED', 'SYSTEM_ERROR'],
    words: /ovs-vsctl|open ?vswitch/i,
    hint: 'Open vSwitch must run here: apt install openvswitch-switch',
  },
  {
    code: ['INTERNAL_ERROR', 'OPERATION_FAILED'],
    words: /qdisc/i,
    hint:
      'the kernel of the host cannot shape traffic: modprobe sch_htb sch_sfq sch_ingress cls_fw act_police, ' +
      'or leave bandwidth out',
  },
  {
    code: 'CONFIG_UNSUPPORTED',
    words: /doesn't support passthrough of host PCI devices/,
    hint:
      'the host hands out PCI devices where its IOMMU is on: in the firmware (VT-d, AMD-Vi), on the command line of the ' +
      'kernel (intel_iommu=on), with modprobe vfio-pci',
  },
  {
    code: ['INTERNAL_ERROR', 'CONFIG_UNSUPPORTED'],
    words: /SR-?IOV/i,
    hint:
      'a hostdev network needs a card with virtual functions: ' +
      'echo 4 > /sys/class/net/DEVICE/device/sriov_numvfs makes some, lspci lists their addresses',
  },
  {
    code: 'XML_INVALID_SCHEMA',
    hint: "the document does not fit libvirt's grammar; without { validate: true } libvirt is less strict",
  },
  {
    code: 'NO_SUPPORT',
    hint: 'the driver behind this connection does not have this function (connection.type() names it)',
  },
  { code: 'CONNECTION_CLOSED', hint: 'close() was called on it: connect() again' },
];

/** Advice for an error of a C function, when there is any. */
export function hintFor(code: ErrorCode, name: string, message: string): string | undefined {
  const fits = (row: HintRow) =>
    [row.code].flat().includes(code) &&
    (row.in === undefined || [row.in].flat().includes(name)) &&
    (row.words?.test(message) ?? true);
  return rows.find(fits)?.hint;
}
