// DNS servers and domains of a network that are refused.
import { describe } from 'vitest';
import { type Row, refused } from './refused.js';

describe('DNS', () => {
  const dns = (rows: readonly (readonly [unknown, Row[1], string])[]): void =>
    refused(
      'isolated',
      rows.map(([dns, error, message]) => [{ dns }, error, message] as const),
    );
  dns([
    [true, TypeError, 'dns: true is not an object that describes the DNS settings'],
    [
      { enable: false },
      TypeError,
      'dns.enable: unknown field of the DNS settings; dns: false turns the DNS server off',
    ],
    [{ forwarders: ['dns.example'] }, RangeError, 'dns.forwarders[0]: dns.example is not an IP address'],
    [{ forwarders: [{}] }, TypeError, 'dns.forwarders[0]: neither addr nor domain is there'],
    [
      { forwarders: { domain: 'a_b' } },
      RangeError,
      "dns.forwarders.domain: a_b is not a DNS name: letters, digits and inner '-' in each part between dots",
    ],
    [
      { forwarders: { domain: 'a', port: 53 } },
      TypeError,
      'dns.forwarders.port: not possible without an addr',
    ],
    [{ hosts: [{ ip: '10.0.0.5' }] }, TypeError, 'dns.hosts[0].names: missing; a DNS host must have it'],
    [
      { hosts: [{ ip: '10.0.0.5', names: [] }] },
      RangeError,
      'dns.hosts[0].names: empty; at least one is needed',
    ],
    [
      { hosts: [{ ip: '10.0.0.5', names: 'a..b' }] },
      RangeError,
      "dns.hosts[0].names: a..b is not a DNS name: letters, digits and inner '-' in each part between dots",
    ],
    [
      {
        hosts: [
          { ip: 'fd00::5', names: 'a' },
          { ip: 'fd00:0::5', names: 'b' },
        ],
      },
      RangeError,
      'dns.hosts[1]: the address fd00::5 is already that of dns.hosts[0]',
    ],
    [
      { txt: [{ name: 'a b', value: 'c' }] },
      RangeError,
      'dns.txt[0].name: "a b" is not a DNS name: letters, digits and inner \'-\' in each part between dots',
    ],
    [{ txt: [{ name: 'a', value: 'b\nc' }] }, RangeError, 'dns.txt[0].value: "b\\nc" has a line break'],
    [
      { srv: [{ service: '_ldap', protocol: 'tcp' }] },
      RangeError,
      'dns.srv[0].service: _ldap begins with an underscore, which libvirt puts there by itself',
    ],
    [
      { srv: [{ service: 'a.b', protocol: 'tcp' }] },
      RangeError,
      "dns.srv[0].service: a.b is not the name of a service: letters, digits and '_-+/*' only",
    ],
    [
      { srv: [{ service: 'a', protocol: 'sctp' }] },
      RangeError,
      'dns.srv[0].protocol: sctp is not one of tcp, udp',
    ],
    [
      { srv: [{ service: 'a', protocol: 'tcp', port: 5 }] },
      TypeError,
      'dns.srv[0].port: not possible without a target',
    ],
    [
      { srv: [{ service: 'a', protocol: 'tcp', target: 'b', port: 0 }] },
      RangeError,
      'dns.srv[0].port: 0 is not a whole number from 1 to 65535',
    ],
    [
      { srv: [{ service: 'a', protocol: 'tcp', target: 'b', weight: 65536 }] },
      RangeError,
      'dns.srv[0].weight: 65536 is not a whole number from 0 to 65535',
    ],
  ]);
  refused('isolated', [
    [
      { domain: 'my domain' },
      RangeError,
      'domain: "my domain" is not a DNS name: letters, digits and inner \'-\' in each part between dots',
    ],
    [{ domain: { localOnly: true } }, TypeError, 'domain.name: missing; a DNS domain must have it'],
    [
      { domain: { name: `${'a.'.repeat(130)}b` } },
      RangeError,
      `domain.name: "${'a.'.repeat(30)}…" is too long: a DNS name has at most 253 characters, this has 261`,
    ],
  ]);
});
