// <filter>: a network filter, which is rules and references to other filters in one list whose order counts.
// https://libvirt.org/formatnwfilter.html

import { string, uuid } from '../codec.js';
import { type FilterReference, filterReference } from '../common/filterref.js';
import {
  absent,
  attribute,
  type Document,
  document,
  element,
  type Infer,
  mixed,
  required,
  text,
  typed,
} from '../schema.js';
import { rule } from './rule.js';
import { chain, priority } from './values.js';

const includeElement = element('filterref', {
  ...filterReference,
  /** `<rule action='…'>` has it: a reference has none, which tells the two apart. */
  action: absent(),
});

/** `<filterref filter='no-mac-spoofing'/>` among the rules of a filter: the rules of another one. */
export interface FilterInclude extends FilterReference, Infer<typeof includeElement> {}

const filterElement = element('filter', {
  /** `<filter name='no-spoofing'>`: a name that XML can have, which begins with a letter or an underscore. */
  name: required(attribute('name', string)),
  /** `<filter chain='arp-ip'>`: the chain that the rules are put in; `root` when it is left out. */
  chain: attribute('chain', chain),
  /** `<filter priority='-710'>`: when the chain's turn is, -1000 to 1000, the lower, the earlier. */
  priority: attribute('priority', priority),
  /** `<uuid>5c6d49af-b071-6127-b4ec-6f8ed4b55335</uuid>`: libvirt makes one up when it is left out. */
  uuid: text('uuid', uuid),
  /**
   * `<rule action='drop' direction='in'>…</rule>` and `<filterref filter='no-mac-spoofing'/>` in their order, which
   * decides between rules of one priority: what has an `action` is a rule, what has a `filter` is a reference.
   */
  entries: mixed({ action: rule, filter: typed<FilterInclude>(includeElement) }),
});

/** A network filter: the typed value of a `<filter>` document. */
export interface FilterDocument extends Infer<typeof filterElement> {
  /** Tells a network filter from other documents. */
  readonly kind: 'nwfilter';
}

/** The schema of the `<filter>` document. */
export const nwfilter: Document<FilterDocument> = document('nwfilter', filterElement);
