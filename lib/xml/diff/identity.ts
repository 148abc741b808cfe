// By what members of a list are told from each other: two documents' members that agree in it are the same thing,
// changed or not, wherever in the list they stand.

/**
 * For each list, by the elements `around/member`: the fields that identify a member, as attributes or child elements
 * of the XML, or as `element/@attribute`. Of several rows the first in which two members agree decides; what both of them leave out counts as agreeing.
 * Lists that are not here have an order that means something, or members that nothing identifies: they are compared
 * along their order.
 */
const identities: { readonly [list: string]: readonly (readonly string[])[] } = {
  'network/ip': [['address']],
  'network/portgroup': [['name']],
  'network/route': [['address', 'prefix', 'netmask', 'gateway'], ['address', 'gateway'], ['address']],
  'dhcp/host': [['mac'], ['id'], ['ip'], ['name']],
  'dhcp/range': [['start', 'end'], ['start'], ['end']],
  'dns/forwarder': [['domain', 'addr'], ['domain'], ['addr']],
  'dns/host': [['ip']],
  'dns/srv': [
    ['service', 'protocol', 'domain', 'target'],
    ['service', 'protocol', 'domain'],
  ],
  'dns/txt': [['name', 'value'], ['name']],
  'forward/interface': [['dev']],
  'forward/address': [['domain', 'bus', 'slot', 'function']],
  'vlan/tag': [['id']],
  // The NICs of a domain.
  'devices/interface': [['mac/@address'], ['alias/@name'], ['target/@dev']],
  // Domain interfaces and host interfaces.
  'interface/ip': [['address']],
  'interface/route': [['address', 'gateway'], ['address']],
  'source/ip': [['address']],
  'source/route': [['address', 'gateway'], ['address']],
  'protocol/ip': [['address']],
  'interface/protocol': [['family']],
  'interface/portForward': [['proto', 'address', 'dev'], ['proto']],
  'portForward/range': [['start', 'end', 'to', 'exclude'], ['start']],
  'bridge/interface': [['name']],
  'bond/interface': [['name']],
  // A variable of a filter can have several values, which are parameters of one name.
  'filterref/parameter': [['name', 'value'], ['name']],
  // Node devices.
  'device/capability': [['type']],
  'capability/capability': [['type']],
  'capability/feature': [['name']],
  'capability/type': [['id']],
  'capability/attr': [['name']],
  'capability/address': [['domain', 'bus', 'slot', 'function']],
  'fields/vendor_field': [['index']],
  'fields/system_field': [['index']],
  'members/ccw_device': [['text()']],
  'pci-express/link': [['validity']],
  'iommuGroup/address': [['domain', 'bus', 'slot', 'function']],
  'device/devnode': [['type', 'text()']],
};

/** What identifies the members of a list; undefined when its order does. */
export const identityOf = (around: string, member: string): readonly (readonly string[])[] | undefined =>
  Object.hasOwn(identities, `${around}/${member}`) ? identities[`${around}/${member}`] : undefined;

/** The lists that have a row, as `around/member`. */
export const identifiedLists: readonly string[] = Object.keys(identities);
