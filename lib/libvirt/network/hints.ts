// What to do about errors of a network's ports and reservations.
import type { HintRow } from '../hints.js';

export const networkHints: readonly HintRow[] = [
  {
    code: 'NO_NETWORK_PORT',
    hint: 'network.ports.list() gives the ports that exist; a port goes with the NIC of its guest',
  },
  { code: 'NETWORK_PORT_EXIST', hint: 'choose another UUID, or delete() the port that has it' },
  {
    code: 'OPERATION_INVALID',
    in: ['virNetworkListAllPorts', 'virNetworkPortLookupByUUIDString', 'virNetworkPortCreateXML'],
    words: /not active/,
    hint: 'a network has ports while it runs: start() it first',
  },
  {
    code: 'INTERNAL_ERROR',
    words: /requires exclusive access to interfaces, but none are available/,
    hint: 'every device of the network is with a guest: end one of them, or give the network more devices (describe().forward names them)',
  },
  {
    code: 'OPERATION_UNSUPPORTED',
    words: /floor/,
    hint: "a rate is guaranteed out of the network's own: give the network a bandwidth with an inbound average",
  },
  {
    code: 'OPERATION_INVALID',
    in: 'virNetworkUpdate',
    words: /there is an existing dhcp host entry/,
    hint: 'that MAC address, name or IP address has a reservation: network.reservations.list() gives them, reservations.set() changes one',
  },
  {
    code: 'OPERATION_INVALID',
    in: 'virNetworkUpdate',
    words: /there is an existing/,
    hint: "network.describe() tells what it has; 'delete' it first, or 'modify' it where its part can be modified",
  },
  {
    code: 'OPERATION_UNSUPPORTED',
    in: 'virNetworkUpdate',
    words: /cannot be modified, only added or deleted/,
    hint: "update with 'delete' what is there, and with 'add' what is to be",
  },
  {
    code: 'OPERATION_INVALID',
    in: 'virNetworkUpdate',
    words: /couldn't locate an existing dhcp host entry/,
    hint:
      'libvirt looks for the MAC address, or else the name and the address, and in each half: ' +
      'reservations.set(mac, { ip }) or reservations.set({ id }, { ip }) adds or changes what each half needs',
  },
  {
    code: 'OPERATION_INVALID',
    in: 'virNetworkUpdate',
    words: /couldn't (find|locate) an? /,
    hint: 'network.describe() tells what it has',
  },
  {
    code: 'OPERATION_INVALID',
    in: 'virNetworkUpdate',
    words: /multiple matching DNS/,
    hint: 'say more of the one that is meant: of a DNS host its ip, of a DNS service its domain and target',
  },
  {
    code: 'XML_ERROR',
    words: /Invalid to specify MAC address .* IPv6 static host definition/,
    hint: 'DHCPv6 knows guests by their DUID: give id in place of mac, or let reservations.set(mac, { ip }) make one of it',
  },
  {
    code: 'INTERNAL_ERROR',
    words: /range .* is not entirely within network/,
    hint: 'addresses to lease are of the network: network.describe() tells the subnets that it has (ips)',
  },
  {
    code: ['OPERATION_INVALID', 'CONFIG_UNSUPPORTED'],
    words: /dhcp is supported only for a single/,
    hint: 'one subnet of each family has DHCP: choose an address of that one (network.describe() tells it), or take its ranges and hosts away first',
  },
  {
    code: 'OPERATION_INVALID',
    in: 'virNetworkUpdate',
    words: /no <ip> element found/,
    hint: 'reservations and ranges belong to a subnet (ips of network.describe(), counted from 0 by the option ip), and there is none of that number',
  },
  {
    code: 'OPERATION_INVALID',
    in: 'virNetworkUpdate',
    words: /cannot change persistent config of a transient network/,
    hint: 'it runs without a definition: change what runs only ({ config: false }), or define() it first',
  },
  {
    code: 'CONFIG_UNSUPPORTED',
    words: /unknown forwarding type/,
    hint: 'the modes of forward are nat, route, open, bridge, private, vepa, passthrough and hostdev; a network without forward is isolated',
  },
];
