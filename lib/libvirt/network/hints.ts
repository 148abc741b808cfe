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
];
