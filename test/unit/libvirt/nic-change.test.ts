// What a NIC is to be, of what it is: by fields, by the builders' short forms of them, and by a function.

import { describe, expect, it } from 'vitest';
import { build } from '../../../lib/build/index.js';
import { changedNic, type NicChange } from '../../../lib/libvirt/domain/nic-change.js';
import { type DomainInterfaceDocument, parseInterface, toXML } from '../../../lib/xml/index.js';

const MAC = '52:54:00:00:00:01';
const nic = build.nic.network({ network: 'lan', mac: MAC, filter: 'clean-traffic' });

/** NICs as libvirt tells them of a guest that runs. */
const running = (type: 'bridge' | 'direct', source: string): DomainInterfaceDocument =>
  parseInterface(`<interface type='${type}'><mac address='${MAC}'/><source ${source}/><target dev='x0'/>
    <model type='virtio'/></interface>`);
const onBridge = running(
  'bridge',
  "network='office' portgroup='staff' portid='37f045d2-5d76-4a7e-b38f-3fe1f94248b1' bridge='br0'",
);
const onMacvtap = running('direct', "network='uplink' dev='eth0' mode='bridge'");

describe('a NIC that is changed', () => {
  it.each<[NicChange, object]>([
    [{ link: 'down' }, { link: { state: 'down' } }],
    [{ link: { state: 'down' } }, { link: { state: 'down' } }],
    [{ bandwidth: '10mbit' }, { bandwidth: { inbound: { average: 1250 }, outbound: { average: 1250 } } }],
    [{ bandwidth: { inbound: '8mbit' } }, { bandwidth: { inbound: { average: 1000 } } }],
    [
      { bandwidth: { average: '8mbit', burst: '64kb' } },
      { bandwidth: { inbound: { average: 1000, burst: 64 } } },
    ],
    [{ bandwidth: { inbound: { average: 2n ** 53n } } }, { bandwidth: { inbound: { average: 2n ** 53n } } }],
    [{ mtu: 9000 }, { mtu: { size: 9000 } }],
    [{ mtu: { size: 9000 } }, { mtu: { size: 9000 } }],
    [{ model: 'e1000' }, { model: { type: 'e1000' } }],
    [{ vlan: 10 }, { vlan: { tags: [{ id: 10 }] } }],
    [{ vlan: { trunk: [10, 20] } }, { vlan: { trunk: true, tags: [{ id: 10 }, { id: 20 }] } }],
    [{ vlan: { tags: [{ id: 10 }] } }, { vlan: { tags: [{ id: 10 }] } }],
    [{ boot: 1 }, { boot: { order: 1 } }],
    [{ boot: { order: 1, loadParm: '2' } }, { boot: { order: 1, loadParm: '2' } }],
    [{ coalesce: 7 }, { coalesce: { rx: { frames: { max: 7 } } } }],
    [{ target: 'web0' }, { target: { dev: 'web0' } }],
    [{ alias: 'ua-web' }, { alias: { name: 'ua-web' } }],
  ])('by %o', (change, fields) => {
    const to = changedNic(nic, change);
    expect(to).toMatchObject({ ...nic, ...fields });
    // Nothing but what a document can have.
    toXML(to);
  });

  it('loses what is to be taken away', () => {
    expect(changedNic(nic, { filterRef: undefined, model: undefined }).filterRef).toBeUndefined();
  });

  it.each<[object, string]>([
    [{ link: 'sideways' }, 'link: sideways is not one of up, down'],
    [
      { bandwidth: '10' },
      "bandwidth: 10 is not a rate such as '10mbit', '1gbit' or '2MB/s'; it lacks a unit",
    ],
    [{ mtu: 9 }, 'mtu: 9 is not a whole number from 68 to 65521'],
    [{ vlan: 4095 }, 'vlan: VLAN 4095 is reserved'],
    [{ target: 'vnet7' }, 'target: vnet7 begins with vnet'],
    [
      { filter: 'clean-traffic' },
      "filter: there is no such field; is filterRef: { filter: 'clean-traffic' } meant?",
    ],
    [{ filter: undefined }, 'filter: there is no such field; is filterRef: { filter: … } meant?'],
    [{ network: 'br' }, "network: there is no such field; is source: { network: 'br' } meant?"],
    [{ portGroup: 'red' }, "is source: { network: …, portGroup: 'red' } meant?"],
    [{ isolatedPort: true }, 'is port: { isolated: true } meant?'],
    [{ queues: 4 }, 'is driver: { queues: 4 } meant?'],
    [{ source: 'br' }, "source: br is not an object such as { network: 'br' }"],
    [{ filterRef: 'no' }, "filterRef: no is not an object such as { filter: 'no' }"],
    [{ teaming: 'persistent' }, "teaming: persistent is not an object such as { type: 'persistent' }"],
    [{ sourc: {} }, 'sourc: there is no such field; is source meant?'],
  ])('refuses %o, and says what there is', (change, message) => {
    expect(() => changedNic(nic, change as NicChange)).toThrow(message);
  });

  it.each<[string, () => unknown, string]>([
    ['nothing', () => {}, 'change: the function gave nothing, and not the document of a NIC'],
    [
      'a promise',
      async () => nic,
      'change: the function gave a promise, which a change does not wait for, and',
    ],
    ['a text', () => '<interface/>', 'change: the function gave "<interface/>", and'],
    ['fields', () => ({ link: 'down' }), 'change: the function gave an object, and'],
  ])('refuses a function that gives %s', (_, change, message) => {
    expect(() => changedNic(nic, change as () => DomainInterfaceDocument)).toThrow(message);
  });
});

describe('a NIC on a network that runs', () => {
  const link = { state: 'down' } as const;
  const office = { type: 'network', source: { network: 'office', portGroup: 'staff' } };

  it.each<[string, NicChange]>([
    ['fields', { link }],
    ['a function', (before) => ({ ...before, link })],
    ['a function of a copy', (before) => ({ ...structuredClone(before), link })],
  ])('stays on it, changed by %s', (_, change) => {
    expect(changedNic(onBridge, change)).toEqual({ ...onBridge, ...office, link });
    // Put on its network again, it might get another device of that.
    expect(changedNic(onMacvtap, change)).toEqual({ ...onMacvtap, link });
    const onNetwork = { ...onMacvtap, type: 'network', source: { network: 'uplink' } };
    expect(changedNic(onMacvtap, change, false)).toEqual({ ...onNetwork, link });
  });

  it('is what its network makes of it, but for its link', () => {
    const change = { trustGuestRxFilters: true };
    for (const changed of [
      changedNic(onMacvtap, change),
      changedNic(onMacvtap, (before) => ({ ...before, ...change })),
    ])
      expect(changed).toEqual({ ...onMacvtap, ...change, type: 'network', source: { network: 'uplink' } });
  });

  it('goes where it is told to', () => {
    const source = { network: 'other' };
    expect(changedNic(onMacvtap, { source })).toEqual({ ...onMacvtap, type: 'network', source });
    const renamed = (before: DomainInterfaceDocument) =>
      ({
        ...before,
        source: { ...('source' in before && before.source), ...source },
      }) as DomainInterfaceDocument;
    expect(changedNic(onMacvtap, renamed)).toEqual({ ...onMacvtap, type: 'network', source });
    const bridge = { type: 'bridge', source: { bridge: 'br1' } } as const;
    expect(changedNic(onBridge, bridge)).toEqual({ ...onBridge, ...bridge });
    const rebridged = (before: DomainInterfaceDocument) =>
      ({ ...before, ...bridge }) as DomainInterfaceDocument;
    expect(changedNic(onBridge, rebridged)).toEqual({ ...onBridge, ...bridge });
  });
});
