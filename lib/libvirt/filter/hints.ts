// What to do about errors of filters and their bindings.
import type { HintRow } from '../hints.js';

export const filterHints: readonly HintRow[] = [
  { code: 'NO_NWFILTER', hint: 'connection.filters.list() gives the filters that exist' },
  {
    code: 'NO_NWFILTER_BINDING',
    hint: 'connection.filterBindings.list() gives the ports that have a filter; a NIC with one has it while its guest runs',
  },
  {
    code: 'OPERATION_INVALID',
    in: 'virNWFilterUndefine',
    words: /in use/,
    hint:
      'a port or another filter refers to it: connection.filterBindings.list() gives the ports, ' +
      'and describe().entries of the other filters their references',
  },
  {
    code: 'OPERATION_FAILED',
    in: ['virNWFilterDefineXML', 'virNWFilterDefineXMLFlags'],
    words: /already exists/,
    hint:
      'choose another name, or redefine the filter that exists with its own UUID: ' +
      'define({ ...(await (await filters.get(name)).describe()), entries })',
  },
  {
    code: 'OPERATION_FAILED',
    in: ['virNWFilterDefineXML', 'virNWFilterDefineXMLFlags'],
    words: /loop/,
    hint: 'filters cannot refer to each other in a circle: take one of the references out',
  },
  {
    code: 'OPERATION_FAILED',
    in: 'virNWFilterBindingCreateXML',
    words: /already exists/,
    hint: 'a port has one filter: delete() the binding that it has first, or redefine its filter',
  },
  {
    code: 'INTERNAL_ERROR',
    words: /referenced filter .* is missing/,
    hint: 'define() that filter first; connection.filters.list() gives those that exist',
  },
];
