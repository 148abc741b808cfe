// What compiles of the objects of a connection beside networks and guests, and what must not.
import { describe, expectTypeOf, it } from 'vitest';
import type {
  Connection,
  Events,
  Filter,
  FilterBinding,
  HostInterface,
  Network,
  NetworkPort,
  NodeDevice,
  NodeDeviceLifecycleEvent,
  Reservation,
} from '../../lib/index.js';

describe('filters and their bindings', () => {
  const use = async ({ filters, filterBindings }: Connection) => {
    expectTypeOf(filters.list()).resolves.toEqualTypeOf<Filter[]>();
    expectTypeOf(filters.get({ uuid: '' })).resolves.toEqualTypeOf<Filter>();
    expectTypeOf(filters.find('x')).resolves.toEqualTypeOf<Filter | undefined>();
    expectTypeOf(filterBindings.get('vnet0')).resolves.toEqualTypeOf<FilterBinding>();
    // @ts-expect-error a filter is described as one
    filters.define({ kind: 'network', name: 'x' });
    // @ts-expect-error a filter does not overlap
    filters.define('<filter/>', { overlap: 'allow' });
    // @ts-expect-error a port is named
    filterBindings.get({ portDev: 'vnet0' });
    const filter = await filters.get('x');
    // @ts-expect-error another name is another filter
    filter.name = 'y';
  };

  it('are what their methods give and take', () => expectTypeOf(use).returns.resolves.toBeVoid());
});

describe('network.ports and network.reservations', () => {
  const use = async ({ ports, reservations }: Network) => {
    expectTypeOf(ports.find({ uuid: '' })).resolves.toEqualTypeOf<NetworkPort | undefined>();
    // @ts-expect-error a port has no name
    ports.get('x');
    const port = await ports.get({ uuid: '' });
    expectTypeOf(port.bandwidth(null)).resolves.toBeVoid();
    expectTypeOf((await port.bandwidth()).inbound?.average).toEqualTypeOf<number | bigint | undefined>();
    // @ts-expect-error only traffic towards a guest can be guaranteed
    port.bandwidth({ outbound: { average: '1mbit', floor: '1mbit' } });

    const guest = '52:54:00:12:34:56';
    expectTypeOf(reservations.set(guest, { ip: '' })).resolves.toEqualTypeOf<
      'added' | 'changed' | 'unchanged'
    >();
    expectTypeOf(reservations.find({ id: '' })).resolves.toEqualTypeOf<Reservation | undefined>();
    expectTypeOf(reservations.remove(guest, { family: 'ipv6', live: false })).resolves.toBeBoolean();
    // @ts-expect-error it is for an address
    reservations.set(guest, { name: 'web' });
    // @ts-expect-error the guest comes first
    reservations.set({ mac: guest }, { ip: '' });
    // @ts-expect-error a family of IP
    reservations.list({ family: 4 });
    // @ts-expect-error what is kept is asked for anew
    (await reservations.get(guest)).ip = '';
  };

  it('are what their methods give and take', () => expectTypeOf(use).returns.resolves.toBeVoid());
});

describe('network.update', () => {
  const use = async (network: Network) => {
    const lease = { expiry: 1 };
    for (const deletion of [
      network.update('delete', 'dhcpHost', { name: 'web', lease }),
      network.update('delete', 'dhcpRange', { end: '' }),
      network.update('delete', 'dnsHost', { hostnames: ['web'] }),
      network.update('delete', 'dnsTxt', { value: '' }),
      network.update('delete', 'dnsSrv', { port: 389 }),
      network.update('delete', 'portGroup', { name: 'staff', default: true }),
      network.update('delete', 'forwardInterface', { dev: 'eth0' }),
    ])
      expectTypeOf(deletion).resolves.toBeVoid();
    // @ts-expect-error nothing tells which host is meant
    network.update('delete', 'dhcpHost', { lease });
    // @ts-expect-error nothing tells which range is meant
    network.update('delete', 'dhcpRange', {});
    // @ts-expect-error nothing tells which service is meant
    network.update('delete', 'dnsSrv', { service: undefined });
    // @ts-expect-error nothing tells which text is meant
    network.update('delete', 'dnsTxt', {});
    // @ts-expect-error a port group is told by its name
    network.update('delete', 'portGroup', { default: true });
    // @ts-expect-error nothing tells which device is meant
    network.update('delete', 'forwardInterface', { connections: 1 });
    // @ts-expect-error that is a field of a host
    network.update('delete', 'dhcpRange', { start: '', mac: '' });
    // @ts-expect-error what is added is whole
    network.update('add', 'dnsTxt', { name: 'motto' });
    // @ts-expect-error a range cannot be modified
    network.update('modify', 'dhcpRange', { start: '', end: '' });
  };

  it('takes what tells one from others, and what is whole', () =>
    expectTypeOf(use).returns.resolves.toBeVoid());
});

describe('node devices', () => {
  const use = async ({ nodeDevices, events }: Connection) => {
    expectTypeOf(nodeDevices.list({ cap: ['net', 'pci'], active: true })).resolves.toEqualTypeOf<
      NodeDevice[]
    >();
    // @ts-expect-error libvirt calls it net
    nodeDevices.list({ cap: 'nic' });
    // @ts-expect-error a device is found by its name
    nodeDevices.get({ uuid: '' });
    // @ts-expect-error both names are needed
    nodeDevices.findVport({ wwnn: '' });
    const device = await nodeDevices.get('computer');
    expectTypeOf(device.parent()).resolves.toEqualTypeOf<NodeDevice | undefined>();
    expectTypeOf(device.autostart()).resolves.toBeBoolean();
    expectTypeOf(device.autostart(true)).resolves.toBeVoid();
    // @ts-expect-error a driver has a name
    device.detach({ driver: true });

    expectTypeOf<Events['nodeDeviceLifecycle']>().toEqualTypeOf<NodeDeviceLifecycleEvent>();
    for await (const { type } of events.watch('nodeDeviceLifecycle'))
      expectTypeOf(type).toEqualTypeOf<'created' | 'deleted' | 'defined' | 'undefined' | 'unknown'>();
  };

  it('are what their methods give and take', () => expectTypeOf(use).returns.resolves.toBeVoid());
});

describe('host interfaces', () => {
  const use = async ({ hostInterfaces }: Connection) => {
    expectTypeOf(hostInterfaces.get({ mac: '' })).resolves.toEqualTypeOf<HostInterface>();
    expectTypeOf((await hostInterfaces.get('eth0')).mac).toEqualTypeOf<string | undefined>();
    expectTypeOf(hostInterfaces.transaction(async () => 5)).resolves.toBeNumber();
    // @ts-expect-error an interface has no UUID
    hostInterfaces.get({ uuid: '' });
    // @ts-expect-error libvirt does not persist them apart
    hostInterfaces.list({ persistent: true });
    // @ts-expect-error the work has to be waited for
    hostInterfaces.transaction(() => 5);
  };

  it('are what their methods give and take', () => expectTypeOf(use).returns.resolves.toBeVoid());
});
