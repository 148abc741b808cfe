// What to do about errors of the host's interfaces.
import type { HintRow } from '../hints.js';

const changes = [
  'virInterfaceDefineXML',
  'virInterfaceUndefine',
  'virInterfaceCreate',
  'virInterfaceDestroy',
  'virInterfaceChangeBegin',
  'virInterfaceChangeCommit',
  'virInterfaceChangeRollback',
];

export const hostInterfaceHints: readonly HintRow[] = [
  {
    code: 'NO_SUPPORT',
    in: changes,
    hint:
      'this libvirt reads interfaces through udev and cannot change them: virtnet/host changes those of its own machine ' +
      'until it restarts, and what configures the host (NetworkManager, netplan, ifupdown) makes it last',
  },
  { code: 'NO_INTERFACE', hint: 'connection.hostInterfaces.list() gives the interfaces that exist' },
  { code: 'MULTIPLE_INTERFACES', hint: 'get() it by its name' },
  {
    code: 'OPERATION_INVALID',
    in: 'virInterfaceChangeBegin',
    hint: 'one change at a time: hostInterfaces.change.commit() or rollback() ends the one that is under way',
  },
  {
    code: 'OPERATION_INVALID',
    in: ['virInterfaceChangeCommit', 'virInterfaceChangeRollback'],
    hint: 'there is nothing under way: hostInterfaces.change.begin() comes first',
  },
  { code: 'OPERATION_INVALID', in: 'virInterfaceCreate', hint: 'it runs already' },
  { code: 'OPERATION_INVALID', in: 'virInterfaceDestroy', hint: 'it is stopped already' },
];
