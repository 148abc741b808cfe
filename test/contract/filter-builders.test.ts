// The builders of network filters: what they make, libvirt's own grammar of it, and what they refuse.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../lib/build/index.js';
import { parseFilter, toXML, untyped } from '../../lib/xml/index.js';
import { missing, Validator } from './rng/schemas.js';

const { filter, include, rule } = build;

const made = {
  'a filter with a chain of its own': [
    filter({
      name: 'no-ip-spoofing',
      chain: 'ipv4-ip',
      priority: -710,
      entries: [
        rule.return.out.ip({ srcIp: '0.0.0.0', protocol: 'udp', priority: 100 }),
        rule.return.out.ip({ srcIp: '$IP', priority: 500 }),
        rule.drop.out.any({ priority: 1000 }),
      ],
    }),
    `<filter name='no-ip-spoofing' chain='ipv4-ip' priority='-710'>
  <rule action='return' direction='out' priority='100'>
    <ip srcipaddr='0.0.0.0' protocol='udp'/>
  </rule>
  <rule action='return' direction='out' priority='500'>
    <ip srcipaddr='$IP'/>
  </rule>
  <rule action='drop' direction='out' priority='1000'/>
</filter>
`,
  ],
  'references among rules, with variables': [
    filter({
      name: 'web',
      uuid: '5C6D49AF-B071-6127-B4EC-6F8ED4B55335',
      entries: [
        rule.accept.in.tcp({ dstPortStart: '$PORT[@1]', state: ['NEW', 'ESTABLISHED'], comment: 'web' }),
        include('clean-traffic', { IP: ['10.0.0.5', '10.0.0.6'], VLAN: 42 }),
        rule.drop.inout.all({ stateMatch: false }),
        include('no-other-l2-traffic'),
      ],
    }),
    `<filter name='web'>
  <uuid>5c6d49af-b071-6127-b4ec-6f8ed4b55335</uuid>
  <rule action='accept' direction='in'>
    <tcp state='NEW,ESTABLISHED' dstportstart='$PORT[@1]' comment='web'/>
  </rule>
  <filterref filter='clean-traffic'>
    <parameter name='IP' value='10.0.0.5'/>
    <parameter name='IP' value='10.0.0.6'/>
    <parameter name='VLAN' value='42'/>
  </filterref>
  <rule action='drop' direction='inout' statematch='false'>
    <all/>
  </rule>
  <filterref filter='no-other-l2-traffic'/>
</filter>
`,
  ],
  'a filter without entries': [filter({ name: 'empty', entries: [] }), `<filter name='empty'/>\n`],
} as const;

describe('the builders of network filters', () => {
  it.each(Object.entries(made))('make %s', (_, [document, xml]) => {
    expect(toXML(document)).toBe(xml);
    const read = parseFilter(xml);
    expect(untyped(read)).toEqual([]);
    expect(read).toEqual(document);
  });

  it('freeze what they make, and leave what they were given as it was', () => {
    const state = ['NEW' as const];
    const one = rule.accept.in.tcp({ state });
    state.push('NEW');
    expect(one.tcp?.state).toEqual(['NEW']);
    expect(Object.isFrozen(one.tcp?.state)).toBe(true);
    expect(Object.isFrozen(filter({ name: 'f', entries: [one] }).entries)).toBe(true);
  });

  it('have a sentence for each action, direction and protocol', () => {
    for (const [action, ways] of Object.entries(rule))
      for (const [direction, protocols] of Object.entries(ways)) {
        expect(Object.keys(protocols)).toHaveLength(25);
        for (const [protocol, make] of Object.entries(protocols) as [string, () => object][])
          expect(make()).toEqual({ action, direction, ...(protocol !== 'any' && { [protocol]: {} }) });
      }
  });

  it.each([
    [
      () => rule.drop.in.ip({ srcIp: '10.0.0.300' }),
      RangeError,
      /^ip\.srcIp: 10\.0\.0\.300 is not an IPv4 address/,
    ],
    [
      () => rule.drop.in.tcp({ priority: 2000 }),
      RangeError,
      /^priority: 2000 is not a whole number from -1000/,
    ],
    [() => rule.drop.in.tcp({ port: 22 } as never), TypeError, /^tcp\.port: there is no such field/],
    [() => rule.drop.in.any({ tcp: {}, udp: {} } as never), TypeError, /^udp: cannot stand beside tcp/],
    [() => rule.drop.in.tcp([] as never), TypeError, /^options: .* is not an object/],
    [() => rule.drop.in.ip({ dstPortStart: 53 }), TypeError, /^ip\.dstPortStart: ports need a protocol/],
    [
      () => rule.drop.in.ip({ dstPortStart: 53, protocol: 'icmp' }),
      TypeError,
      /protocol is icmp, not tcp, udp/,
    ],
    [() => include('f', { 'I P': '1' }), RangeError, /^variables: "I P" is not the name of a variable/],
    [
      () => include('f', { IP: '10.0.0.0/24' }),
      RangeError,
      /^variables\.IP: 10\.0\.0\.0\/24 is not a value of letters/,
    ],
    [() => include('1f'), RangeError, /^name: 1f is not the name of a filter/],
    [() => filter({ name: 'a/b' }), RangeError, /^name: a\/b is not the name of a filter/],
    [() => filter({ name: 'f', chain: 'tcp' as never }), RangeError, /^chain: tcp is not root or/],
    [() => filter({ name: 'f', rules: [] } as never), TypeError, /^rules: unknown field of a network filter/],
    [
      () => filter({ name: 'f', entries: [{}] as never }),
      TypeError,
      /^entries\[0\]: has none of action, filter/,
    ],
    [() => filter({ name: 'f', entries: [7] as never }), TypeError, /^entries\[0\]: 7 is not an object/],
  ])('refuse %s', (make, error, message) => {
    expect(make).toThrow(error);
    expect(make).toThrow(message);
  });
});

describe.skipIf(missing)(`what they make and nwfilter.rng${missing ? ` (${missing})` : ''}`, () => {
  let validator: Validator;

  beforeAll(() => {
    validator = new Validator('nwfilter.rng');
  });

  afterAll(() => validator[Symbol.dispose]());

  it.each(Object.entries(made))('agree on %s', (_, [document]) => {
    expect(validator.problem(toXML(document))).toBeUndefined();
  });
});
