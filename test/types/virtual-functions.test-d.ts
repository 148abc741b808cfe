// What compiles of the virtual functions of a NIC, and what must not.
import { describe, expectTypeOf, it } from 'vitest';
import {
  type Host,
  host,
  type VirtualFunction,
  type VirtualFunctionCapacity,
  type VirtualFunctionSettings,
  type VirtualFunctionStatistics,
  type VirtualFunctionVlan,
} from '../../lib/host/index.js';
import type { HasAny } from './has-any.js';

describe('host.virtualFunctions', () => {
  it('gives functions, without any any', () => {
    type Functions = Host['virtualFunctions'];
    expectTypeOf<Functions['list']>().returns.resolves.toEqualTypeOf<VirtualFunction[]>();
    expectTypeOf<Functions['create']>().returns.resolves.toEqualTypeOf<VirtualFunction[]>();
    expectTypeOf<Functions['get']>().returns.resolves.toEqualTypeOf<VirtualFunction>();
    expectTypeOf<Functions['capacity']>().returns.resolves.toEqualTypeOf<VirtualFunctionCapacity>();
    expectTypeOf<HasAny<VirtualFunction>>().toEqualTypeOf<false>();
    expectTypeOf<HasAny<VirtualFunctionCapacity>>().toEqualTypeOf<false>();
    expectTypeOf<HasAny<VirtualFunctionSettings>>().toEqualTypeOf<false>();
  });

  it('leaves out what a driver does not know, and has null for no VLAN', () => {
    expectTypeOf<VirtualFunction['mac']>().toEqualTypeOf<string>();
    expectTypeOf<VirtualFunction['vlan']>().toEqualTypeOf<VirtualFunctionVlan | null>();
    expectTypeOf<VirtualFunction['device']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<VirtualFunction['linkState']>().toEqualTypeOf<'auto' | 'enable' | 'disable' | undefined>();
    expectTypeOf<VirtualFunction['statistics']>().toEqualTypeOf<VirtualFunctionStatistics | undefined>();
    expectTypeOf<VirtualFunctionStatistics['rxPackets']>().toEqualTypeOf<bigint>();
    // @ts-expect-error they are as they were found
    (one: VirtualFunction) => (one.mac = '52:54:00:12:34:56');
  });

  it('takes settings, each of its type, alone and in a transaction', () => {
    ({ vlan: 42 }) satisfies VirtualFunctionSettings;
    ({ vlan: { id: 42, protocol: '802.1ad' } }) satisfies VirtualFunctionSettings;
    ({ vlan: null, spoofCheck: false, maxTxRate: 100 }) satisfies VirtualFunctionSettings;
    // @ts-expect-error a priority alone is no VLAN
    ({ vlan: { qos: 3 } }) satisfies VirtualFunctionSettings;
    // @ts-expect-error the link is always plugged out with 'disable'
    ({ linkState: 'down' }) satisfies VirtualFunctionSettings;
    // @ts-expect-error what the kernel tells is not set
    ({ driver: 'vfio-pci' }) satisfies VirtualFunctionSettings;
    expectTypeOf(host.virtualFunctions.set).parameters.toEqualTypeOf<
      [pf: string, index: number, settings: VirtualFunctionSettings]
    >();
    const together = () =>
      host.transaction((tx) => {
        expectTypeOf(tx.virtualFunctions.set('eth4', 0, { vlan: 42 })).toBeVoid();
        // @ts-expect-error functions are made outside of it
        tx.virtualFunctions.create('eth4', 4);
      });
    expectTypeOf(together).returns.resolves.toBeVoid();
  });
});
