// Options of a network as a whole, its names and its bridge, that are refused.
import { describe, expect, test } from 'vitest';
import { type Mode, make, type Row, refused, smallest } from './refused.js';

describe('options as a whole', () => {
  test.each(Object.keys(smallest) as Mode[])('%s takes its smallest options, and no less', (mode) => {
    expect(make(mode, smallest[mode])).toMatchObject({ kind: 'network', name: 'a' });
    for (const key of Object.keys(smallest[mode])) {
      expect(() => make(mode, { ...smallest[mode], [key]: undefined })).toThrow(
        new RegExp(`^${key}: missing; a`),
      );
    }
  });

  test.each([undefined, null, 5, 'a', [], () => 0])('%j is refused', (options) => {
    expect(() => make('nat', options)).toThrow(/^options: .* is not an object that describes a nat network$/);
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('%s is no field', (key) => {
    const options = JSON.parse(`{ "name": "a", "ip": "10.0.0.1/24", "${key}": 1 }`);
    expect(() => make('nat', options)).toThrow(
      new RegExp(`^${key}: unknown field of a nat network; it has name, `),
    );
  });
});

describe('names', () => {
  refused('isolated', [
    [{ name: '' }, RangeError, 'name: "" is empty; a network needs a name'],
    [{ name: ' ' }, RangeError, 'name: " " is empty; a network needs a name'],
    [{ name: 5 }, TypeError, 'name: 5 is not the name of a network'],
    [{ name: null }, TypeError, 'name: null is not the name of a network'],
    [{ name: 'a/b' }, RangeError, "name: a/b has a '/': libvirt names files after the network"],
    [{ name: '..' }, RangeError, 'name: .. is not a name: libvirt names files after the network'],
    [{ name: 'a\nb' }, RangeError, 'name: "a\\nb" has a line break'],
    [{ name: 'a\u0001' }, RangeError, 'name: "a\\u0001" has a character that XML cannot carry'],
    [{ name: 'a\ud800' }, RangeError, 'name: "a\\ud800" has a character that XML cannot carry'],
    [
      { name: 'é'.repeat(123) },
      RangeError,
      `name: "${'é'.repeat(60)}…" is too long: it has 246 bytes, and libvirt can name its files after 245`,
    ],
    [{ uuid: '1234' }, RangeError, 'uuid: 1234 is not a UUID'],
    [{ title: 'a\nb' }, RangeError, 'title: "a\\nb" has a line break'],
    [{ description: '' }, RangeError, 'description: "" is empty'],
    [{ trustGuestRxFilters: 'yes' }, TypeError, 'trustGuestRxFilters: yes is not true or false'],
    [{ bridge: '' }, RangeError, 'bridge: "" is empty; a network device needs a name'],
    [
      { bridge: 'virbr0123456789a' },
      RangeError,
      'bridge: virbr0123456789a is not the name of a network device: it has 16 bytes, the kernel takes 15',
    ],
    [{ bridge: '.' }, RangeError, 'bridge: . is not the name of a network device'],
    [{ bridge: { name: '..' } }, RangeError, 'bridge.name: .. is not the name of a network device'],
    ...['br/0', 'br:0', 'br 0', 'br\t0'].map(
      (bridge): Row => [
        { bridge },
        RangeError,
        `bridge: ${/\s/.test(bridge) ? JSON.stringify(bridge) : bridge} is not the name of a network device: the kernel takes no '/', ':' and white space`,
      ],
    ),
    [
      { bridge: 'virbr%d' },
      RangeError,
      "bridge: \"virbr%d\" is a template; leave the name out, and libvirt takes the next free 'virbrN' for a bridge, 'vnetN' for a NIC",
    ],
    [
      { bridge: 'brücke' },
      RangeError,
      "bridge: \"brücke\" is not a device name for libvirt: ASCII letters, digits and '_', '.', '-' only",
    ],
    [
      { bridge: 'büro-büro-büro' },
      RangeError,
      'bridge: "büro-büro-büro" is not the name of a network device: it has 17 bytes, the kernel takes 15',
    ],
  ]);

  test('15 bytes are a device name, and 245 the name of a network', () => {
    expect(make('isolated', { name: 'x'.repeat(245), bridge: '0123456789abcde' })).toBeDefined();
  });
});

describe('the bridge', () => {
  refused('isolated', [
    [{ bridge: 5 }, TypeError, 'bridge: 5 is not an object that describes a bridge'],
    [{ bridge: { stp: 'on' } }, TypeError, 'bridge.stp: on is not true or false'],
    [
      { bridge: { delay: 31 } },
      RangeError,
      'bridge.delay: 31 is not a whole number from 0 to 30 (seconds; IEEE 802.1D)',
    ],
    [
      { bridge: { zone: 'a b' } },
      RangeError,
      "bridge.zone: \"a b\" is not the name of a zone: ASCII letters, digits and '_', '-' only",
    ],
    [
      { bridge: { macTableManager: 'libvrt' } },
      RangeError,
      'bridge.macTableManager: libvrt is not one of kernel, libvirt',
    ],
    [{ bridge: { nmae: 'a' } }, TypeError, 'bridge.nmae: unknown field of a bridge; did you mean name?'],
    [
      { mac: '52-54-00-12-34-56' },
      RangeError,
      'mac: 52-54-00-12-34-56 is not a MAC address such as 52:54:00:12:34:56',
    ],
    [
      { mac: '01:00:5e:00:00:01' },
      RangeError,
      'mac: 01:00:5e:00:00:01 is the address of a group of devices: its first byte is odd',
    ],
    [{ mac: '00:00:00:00:00:00' }, RangeError, 'mac: 00:00:00:00:00:00 is the address of no device'],
    [{ mac: true }, TypeError, 'mac: true is not a MAC address'],
    [
      { mtu: 67 },
      RangeError,
      'mtu: 67 is not a whole number from 68 to 65521 (IPv4 demands 68 bytes, a tap device takes 65521)',
    ],
    [
      { mtu: '1500' },
      TypeError,
      'mtu: 1500 is not a whole number from 68 to 65521 (IPv4 demands 68 bytes, a tap device takes 65521)',
    ],
    [{ mtu: 1279, ip: 'fd00::1/64' }, RangeError, 'mtu: 1279 is too small for IPv6, which needs 1280'],
    [{ isolatedPorts: 1 }, TypeError, 'isolatedPorts: 1 is not true or false'],
    [{ dnsmasqOptions: 'no-ping' }, TypeError, 'dnsmasqOptions: no-ping is not a list'],
    [{ dnsmasqOptions: ['a', 'b\nc'] }, RangeError, 'dnsmasqOptions[1]: "b\\nc" has a line break'],
    [{ guestIpv6: 'yes' }, TypeError, 'guestIpv6: yes is not true or false'],
  ]);
});
