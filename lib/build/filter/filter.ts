// Network filters: rules, and references to other filters with values for their variables.
import { form } from '../../xml/codec.js';
import {
  type FilterChain,
  type FilterDocument,
  type FilterInclude,
  type FilterParameter,
  type FilterReference,
  type FilterRule,
  toXML,
} from '../../xml/index.js';
import { chain, priority } from '../../xml/nwfilter/values.js';
import { deepFreeze } from '../freeze.js';
import { uuid } from '../names.js';
import { present, some } from '../present.js';
import { coded, list, needed, type Reader, raw, record, show } from '../reader.js';

/** A network filter. */
export interface FilterOptions {
  /** The name, unique on its host: a letter or `_`, then letters, digits, `_`, `.` and `-`. */
  name: string;
  /** The UUID. Default: libvirt makes one up. */
  uuid?: string;
  /** The chain that the rules are put in: `arp`, `arp-ip`, `ipv4`… Default: `root`. */
  chain?: FilterChain;
  /** When the chain's turn is, -1000 to 1000: the lower, the earlier. Default: libvirt's for the chain. */
  priority?: number;
  /** Rules and references, in the order in which those of one priority come. */
  entries?: readonly (FilterRule | FilterInclude)[];
}

const filterName = coded(
  form('the name of a filter', (name) => /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name)),
  'a letter or _, then letters, digits, _, . and -',
);

const read = record<FilterOptions>()('a network filter', {
  name: needed(filterName),
  uuid,
  chain: coded(chain),
  priority: coded(priority),
  entries: list(raw) as Reader<readonly (FilterRule | FilterInclude)[]>,
});

/**
 * A network filter, which decides what traffic a guest may send and get.
 *
 * @example
 * ```ts
 * build.filter({
 *   name: 'web-server',
 *   entries: [
 *     build.include('clean-traffic', { IP: '10.0.0.5' }),
 *     build.rule.accept.in.tcp({ dstPortStart: 443, priority: 100 }),
 *     build.rule.drop.in.any({ priority: 1000 }),
 *   ],
 * })
 * ```
 * ```xml
 * <filter name='web-server'>
 *   <filterref filter='clean-traffic'>
 *     <parameter name='IP' value='10.0.0.5'/>
 *   </filterref>
 *   <rule action='accept' direction='in' priority='100'>
 *     <tcp dstportstart='443'/>
 *   </rule>
 *   <rule action='drop' direction='in' priority='1000'/>
 * </filter>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `priority: 2000 is not …`
 * @see https://libvirt.org/formatnwfilter.html
 */
export const filter = (options: FilterOptions): FilterDocument => {
  const { name, uuid, chain, priority, entries } = read(options, '');
  const document: FilterDocument = {
    kind: 'nwfilter',
    name,
    ...present({ chain, priority, uuid, entries: some(entries) }),
  };
  // The schema says of each entry what is wrong with it.
  toXML(document);
  return deepFreeze(document);
};

/** Values of variables by name: one, or several that rules go through in turn. */
export type FilterVariables = { readonly [name: string]: string | number | readonly (string | number)[] };

const variableName = coded(
  form('the name of a variable of letters, digits and _', (text) => /^[a-zA-Z0-9_]+$/.test(text)),
);

const variableValue = coded(
  form('a value of letters, digits, _, . and :', (text) => /^[a-zA-Z0-9_.:]+$/.test(text)),
);

const variables: Reader<readonly FilterParameter[]> = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${path}: ${show(value)} is not an object of values by name`);
  return Object.entries(value).flatMap(([variable, values]: [string, unknown]) =>
    (Array.isArray(values) ? values : [values]).map((one: unknown) => ({
      name: variableName(variable, path),
      value: variableValue(typeof one === 'number' ? String(one) : one, `${path}.${variable}`),
    })),
  );
};

/**
 * A reference to another filter, with values for its variables.
 *
 * @example
 * ```ts
 * build.include('clean-traffic', { IP: ['10.0.0.5', '10.0.0.6'] })
 * // { filter: 'clean-traffic', parameters: [{ name: 'IP', value: '10.0.0.5' }, { name: 'IP', value: '10.0.0.6' }] }
 * ```
 * @throws TypeError or RangeError: `name: …` for the filter's, `variables: …` for those of its variables.
 * @see https://libvirt.org/formatnwfilter.html#usage-of-variables-in-filters
 */
export const include = (name: string, values: FilterVariables = {}): FilterInclude => {
  const parameters = some(variables(values, 'variables'));
  return deepFreeze({ filter: filterName(name, 'name'), ...present({ parameters }) });
};

/** The filter that a NIC's traffic passes, with values for its variables. */
export interface NicFilterOptions {
  /** The filter's name. */
  name: string;
  /** Values of its variables; libvirt knows `MAC`, and learns `IP` when it is left out. */
  variables?: FilterVariables;
}

const nicFilterFields = record<NicFilterOptions>()('the filter of a NIC', {
  name: needed(filterName),
  variables,
});

/** A filter's name, or {@link NicFilterOptions}, as libvirt's `<filterref>`. */
export const nicFilter: Reader<FilterReference> = (value, path) => {
  if (typeof value === 'string') return { filter: filterName(value, path) };
  const { name, variables } = nicFilterFields(value, path);
  return { filter: name, ...present({ parameters: some(variables) }) };
};
