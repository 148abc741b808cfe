// What libvirt fills in by itself, for each kind of document by the path of its XML: what a document that somebody
// wrote does not say, and the same document read back from libvirt does.
import type { Value } from '../rest.js';
import { prefixOf } from './meaning.js';

/** What libvirt does with an attribute, a text or an element. */
export type Rule =
  /** Where a document leaves it out, libvirt makes it up. */
  | { readonly is: 'made up'; readonly why: string }
  /** Left out, it means `text`, which libvirt may print or leave out. */
  | { readonly is: 'default'; readonly text: string; readonly why: string }
  /** An element left out means an empty one: what libvirt puts into it is looked at by itself. */
  | { readonly is: 'implied'; readonly why: string }
  /** It tells of the moment, not of the document: it is never compared. */
  | { readonly is: 'state'; readonly why: string }
  /** An element whose fields follow from each other: `complete` gives the value in the one form to compare. */
  | { readonly is: 'completed'; readonly complete: (value: Value) => Value; readonly why: string };

const madeUp = (why: string): Rule => ({ is: 'made up', why });
const byDefault = (text: string, why: string): Rule => ({ is: 'default', text, why });
const implied = (why: string): Rule => ({ is: 'implied', why });
const state = (why: string): Rule => ({ is: 'state', why });

/** A netmask as the prefix of the same length, as far as it has one. */
const withPrefix = (value: Value): Value => {
  const { netmask, ...others } = value;
  const prefix = typeof netmask === 'string' ? prefixOf(netmask) : undefined;
  return prefix === undefined ? value : { ...others, prefix };
};

const subnet: Rule = {
  is: 'completed',
  complete: withPrefix,
  why: 'a netmask and its prefix mean the same subnet',
};

/** The device that traffic leaves by is the first of the pool, and the pool that device when there is no other. */
const withDevices = (value: Value): Value => {
  const { dev, interfaces, addresses, ...others } = value;
  if (value.pf !== undefined) return others;
  const [first] = (interfaces ?? []) as readonly { readonly dev: string }[];
  const device = dev ?? first?.dev;
  return {
    ...others,
    ...(device !== undefined && { dev: device, interfaces: first ? interfaces : [{ dev: device }] }),
    ...(addresses !== undefined && { addresses }),
  };
};

const uuidMadeUp = madeUp('libvirt gives every object a UUID');
const macMadeUp = madeUp('libvirt makes up a MAC address');
const macTold = madeUp('the kernel tells the MAC address');
const linkTold = state('the kernel tells the state of the link');
const classNumbered = state('libvirt numbers its traffic classes');
const connectionsCounted = state('libvirt counts the guests that are connected');
const ipv4ByDefault = byDefault('ipv4', 'an address without a family is IPv4');

/**
 * The rules by kind of document and by path: `network/bridge/@stp`, `network/uuid`, `network/ip`. A `*` is any element
 * that has the attribute.
 */
export const filledIn: { readonly [kind: string]: { readonly [path: string]: Rule } } = {
  network: {
    'network/@connections': connectionsCounted,
    'network/@ipv6': byDefault('no', 'libvirt prints it only when it is on'),
    'network/portgroup/@default': byDefault('no', 'libvirt prints it only when it is on'),
    'network/uuid': uuidMadeUp,
    'network/mac': macMadeUp,
    'network/bridge': implied('libvirt makes a bridge for every network that needs one'),
    'network/bridge/@name': madeUp('libvirt takes the first virbrN that is free'),
    'network/bridge/@stp': byDefault('on', 'libvirt switches the spanning tree on'),
    'network/bridge/@delay': byDefault('0', 'libvirt sets no delay'),
    'network/bridge/@macTableManager': byDefault('kernel', 'the kernel learns addresses by itself'),
    'network/forward': {
      is: 'completed',
      complete: withDevices,
      why: 'the device to leave by and the first of the pool are the same; those of a physical function are listed',
    },
    'network/forward/@mode': byDefault('nat', 'forwarding without a mode is NAT'),
    'network/forward/interface/@connections': connectionsCounted,
    'network/forward/address/@connections': connectionsCounted,
    'network/forward/nat': implied('libvirt prints the ports of NAT'),
    'network/forward/nat/port': implied('libvirt prints the ports of NAT'),
    'network/forward/nat/port/@start': byDefault('1024', 'NAT takes the ports from 1024'),
    'network/forward/nat/port/@end': byDefault('65535', 'NAT takes the ports to 65535'),
    'network/dns': implied('libvirt does not print an empty element'),
    'network/bandwidth/@classID': classNumbered,
    'network/portgroup/bandwidth/@classID': classNumbered,
    'network/ip': subnet,
    'network/ip/@family': ipv4ByDefault,
    'network/route': subnet,
    'network/route/@family': ipv4ByDefault,
  },
  networkPort: {
    'networkport/uuid': uuidMadeUp,
    'networkport/bandwidth/@classID': classNumbered,
  },
  domainInterface: {
    'interface/mac': macMadeUp,
    'interface/target/@dev': madeUp('libvirt names the tap device vnetN'),
    'interface/target': implied('libvirt names the tap device vnetN'),
    'interface/alias': madeUp('libvirt gives every device of a guest an alias'),
    'interface/address': madeUp('libvirt finds a place on the bus'),
    'interface/model': madeUp('libvirt takes the model that the machine type has'),
    'interface/source/@mode': byDefault('vepa', 'a macvtap device without a mode is in VEPA mode'),
    'interface/source/@portid': state('libvirt numbers the port when the guest starts'),
    'interface/source/@bridge': madeUp('libvirt shows the bridge of the network while the guest runs'),
    'interface/@managed': byDefault('no', 'libvirt takes no device from the host unless told'),
    'interface/virtualport/parameters': implied('libvirt makes up the UUID of a port'),
    'interface/virtualport/parameters/@interfaceid': madeUp(
      'libvirt makes up the UUID of an Open vSwitch port',
    ),
    'interface/virtualport/parameters/@instanceid': madeUp(
      'libvirt makes up the UUID of an 802.1Qbg instance',
    ),
    'interface/bandwidth/@classID': classNumbered,
    'interface/source/ip': subnet,
    'interface/source/ip/@family': ipv4ByDefault,
    'interface/source/route': subnet,
    'interface/source/route/@family': ipv4ByDefault,
    'interface/ip': subnet,
    'interface/ip/@family': ipv4ByDefault,
    'interface/route': subnet,
    'interface/route/@family': ipv4ByDefault,
  },
  domain: {
    'domain/@id': state('libvirt numbers the guests that run'),
    'domain/uuid': uuidMadeUp,
  },
  nwfilter: {
    'filter/uuid': uuidMadeUp,
    'filter/@chain': byDefault('root', 'a filter without a chain is in the root chain'),
    'filter/@priority': madeUp('libvirt takes the priority that the chain has'),
    'filter/rule/*/@match': byDefault('yes', 'a rule matches what it describes'),
    'filter/rule/@priority': byDefault('500', 'a rule without a priority has the middle one'),
  },
  hostInterface: {
    'interface/mac': macTold,
    'interface/link': linkTold,
    'interface/bridge/interface/mac': macTold,
    'interface/bridge/interface/link': linkTold,
    'interface/bond/interface/mac': macTold,
    'interface/bond/interface/link': linkTold,
  },
  nodeDevice: {
    'device/name': madeUp('libvirt names the devices that it makes'),
    'device/path': state('the kernel tells the path in sysfs'),
    'device/devnode': state('the kernel tells the node in /dev'),
    'device/capability/capability/wwnn': madeUp('libvirt makes up the names of a virtual host bus adapter'),
    'device/capability/capability/wwpn': madeUp('libvirt makes up the names of a virtual host bus adapter'),
  },
};

/** What libvirt does at a path of a kind of document. */
export const ruleOf = (kind: string, path: string): Rule | undefined => {
  const rules = Object.hasOwn(filledIn, kind) ? filledIn[kind] : undefined;
  return rules?.[path] ?? rules?.[path.replace(/[^/]+(?=\/@[^/]+$)/, '*')];
};
