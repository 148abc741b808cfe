// The builders of NICs: the XML of each, what they make up, and what is whose.
import { describe, expect, it, test } from 'vitest';
import { build } from '../../../lib/build/index.js';
import { parseInterface, toXML } from '../../../lib/xml/index.js';
import { nicVariants, nullNic } from './nic-variants.js';

const { bridge, direct, ethernet, hostdev, network, passt, user, vhostUser } = build.nic;
const mac = '52:54:00:12:34:56';

/** XML as it stands in a test: without the indent of the test's own lines. */
const xml = (text: string): string => {
  const lines = text.split('\n').slice(1, -1);
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return `${lines.map((line) => line.slice(indent)).join('\n')}\n`;
};

describe('the XML', () => {
  test('of a NIC on a network with all that a tap and virtio can have', () => {
    const document = network({
      network: 'lan',
      portGroup: 'staff',
      mac: '52:54:00:AB:CD:EF',
      trustGuestRxFilters: false,
      vlan: { trunk: [10], native: { id: 10, mode: 'tagged' } },
      virtualPort: { interfaceId: '09B11C538B5C4EEB8F00D84EAA0AAA4F', profileId: 'finance' },
      bandwidth: { inbound: { floor: '1mbit' }, outbound: { average: '10mbit', burst: '64kb' } },
      target: 'web0',
      driver: { name: 'vhost', rxQueueSize: 512, eventIdx: false },
      queues: 4,
      offloads: { host: { gso: false }, guest: false },
      tapDevice: '/dev/net/tun',
      vhostDevice: '/dev/vhost-net',
      filter: { name: 'clean-traffic', variables: { IP: ['10.0.0.5', '10.0.0.6'], PORT: 80 } },
      sendBuffer: 1600,
      teaming: { persistent: 'ua-backup' },
      link: 'down',
      mtu: 9000,
      coalesce: 7,
      boot: { order: 2, loadParm: 'A' },
      alias: 'ua-uplink',
      rom: { bar: false, file: '/srv/boot.rom' },
      acpiIndex: 4,
      address: { bus: 1, slot: 2, function: 3 },
    });
    expect(toXML(document)).toBe(
      xml(`
      <interface type='network' trustGuestRxFilters='no'>
        <mac address='52:54:00:ab:cd:ef'/>
        <source network='lan' portgroup='staff'/>
        <vlan trunk='yes'>
          <tag id='10' nativeMode='tagged'/>
        </vlan>
        <virtualport>
          <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' profileid='finance'/>
        </virtualport>
        <bandwidth>
          <inbound floor='125'/>
          <outbound average='1250' burst='64'/>
        </bandwidth>
        <target dev='web0'/>
        <model type='virtio'/>
        <driver name='vhost' event_idx='off' queues='4' rx_queue_size='512'>
          <host gso='off'/>
          <guest csum='off' tso4='off' tso6='off' ecn='off' ufo='off'/>
        </driver>
        <backend tap='/dev/net/tun' vhost='/dev/vhost-net'/>
        <filterref filter='clean-traffic'>
          <parameter name='IP' value='10.0.0.5'/>
          <parameter name='IP' value='10.0.0.6'/>
          <parameter name='PORT' value='80'/>
        </filterref>
        <tune>
          <sndbuf>1600</sndbuf>
        </tune>
        <teaming type='transient' persistent='ua-backup'/>
        <link state='down'/>
        <mtu size='9000'/>
        <coalesce>
          <rx>
            <frames max='7'/>
          </rx>
        </coalesce>
        <boot order='2' loadparm='A'/>
        <alias name='ua-uplink'/>
        <rom bar='off' file='/srv/boot.rom'/>
        <acpi index='4'/>
        <address type='pci' domain='0x0000' bus='0x01' slot='0x02' function='0x3'/>
      </interface>
    `),
    );
  });

  test('of a tap that somebody else has made, with addresses of both ends', () => {
    const document = ethernet({
      mac,
      target: 'vnet7',
      managed: false,
      model: 'e1000',
      host: { ip: ['10.0.0.1/24', 'FD00:0::1/64'] },
      guest: { dev: 'eth9', ip: { cidr: '10.0.0.2/32', peer: '10.0.0.1' } },
    });
    expect(toXML(document)).toBe(
      xml(`
      <interface type='ethernet'>
        <mac address='52:54:00:12:34:56'/>
        <source>
          <ip address='10.0.0.1' prefix='24'/>
          <ip address='fd00::1' family='ipv6' prefix='64'/>
        </source>
        <ip address='10.0.0.2' prefix='32' peer='10.0.0.1'/>
        <target dev='vnet7' managed='no'/>
        <guest dev='eth9'/>
        <model type='e1000'/>
      </interface>
    `),
    );
  });

  test('of passt over vhost-user', () => {
    const document = passt({
      mac,
      vhostUser: true,
      dev: 'eth0',
      logFile: '/var/log/passt.log',
      portForwards: [
        { protocol: 'tcp' },
        { protocol: 'udp', host: ' 53 - 54 ', guest: 1053, exclude: [54, '100-200'], address: '2001:DB8::1' },
      ],
    });
    expect(toXML(document)).toBe(
      xml(`
      <interface type='vhostuser'>
        <mac address='52:54:00:12:34:56'/>
        <source dev='eth0'/>
        <portForward proto='tcp'/>
        <portForward proto='udp' address='2001:db8::1'>
          <range start='53' end='54' to='1053'/>
          <range start='54' exclude='yes'/>
          <range start='100' end='200' exclude='yes'/>
        </portForward>
        <model type='virtio'/>
        <backend type='passt' logFile='/var/log/passt.log'/>
      </interface>
    `),
    );
  });
});

describe('what is made up', () => {
  const macOf = (document: { readonly mac?: { readonly address: string } }): string | undefined =>
    document.mac?.address;

  it('is a MAC address of its own for each NIC, in 52:54:00', () => {
    const macs = Array.from({ length: 50 }, () => macOf(network({ network: 'lan' })));
    for (const address of macs) expect(address).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
    expect(new Set(macs).size).toBeGreaterThan(45);
  });

  it('is virtio where libvirt would take what the machine type has', () => {
    expect(user().model).toEqual({ type: 'virtio' });
    expect(user({ model: 'rtl8139' }).model).toEqual({ type: 'rtl8139' });
    expect(hostdev({ device: '03:10.1' })).not.toHaveProperty('model');
    expect(build.nic.internal({ name: 'intnet' })).not.toHaveProperty('model');
  });

  it('is that libvirt takes a device from the host and gives it back', () => {
    expect(hostdev({ device: '03:10.1' }).managed).toBe(true);
    expect(hostdev({ device: '03:10.1', managed: false }).managed).toBe(false);
  });
});

describe('a NIC', () => {
  it.each([...nicVariants, nullNic])('is frozen to the last member: $title', ({ document }) => {
    const loose = (value: unknown): boolean =>
      typeof value === 'object' &&
      value !== null &&
      (!Object.isFrozen(value) || Object.values(value).some(loose));
    expect(loose(document)).toBe(false);
  });

  it('has no member that is undefined, also where an option is', () => {
    const document = bridge({ bridge: 'br0', mac, vlan: undefined, filter: undefined } as never);
    expect(Object.keys(document).sort()).toEqual(['kind', 'mac', 'model', 'source', 'type']);
  });

  it('is another one with a spread, and written as such', () => {
    const document = direct({ dev: 'eth0', mode: 'bridge', mac });
    const other = { ...document, source: { ...document.source, dev: 'eth1' } };
    expect(parseInterface(toXML(other))).toMatchObject({ type: 'direct', source: { dev: 'eth1' } });
  });

  it('does not change with the options that it was made of', () => {
    const trunk = [1, 2];
    const options = { bridge: 'br0', vlan: { trunk } };
    const document = bridge(options);
    trunk.push(3);
    expect(document.vlan?.tags).toHaveLength(2);
    expect(Object.isFrozen(options)).toBe(false);
    expect(Object.isFrozen(trunk)).toBe(false);
  });

  it('of vhost-user says that a client does not try again only when told', () => {
    const client = { path: '/run/a.sock', mode: 'client' } as const;
    expect(vhostUser(client).source).not.toHaveProperty('reconnect');
    expect(vhostUser({ ...client, reconnect: false }).source?.reconnect).toEqual({ enabled: false });
  });
});
