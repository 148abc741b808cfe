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
    words: /couldn't find an? /,
    hint: 'network.describe() tells what it has',
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
