// SR-IOV from the start: virtual functions of a network card made, one of them set up for a guest, all of them shown as
// what guests take, and removed again. As root, on a card that has no virtual functions yet.
import { build, toXML } from 'virtnet';
import { host, KernelError } from 'virtnet/host';
import { commandLine } from './shared/command-line.js';
import { paintXml, table } from './shared/terminal.js';

const { pf, mac, ...options } = commandLine('Makes virtual functions of a network card, and removes them.', {
  pf: { type: 'string', help: 'the link of the card: the physical function', default: 'eth0' },
  count: { type: 'string', help: 'how many to make', default: '2' },
  mac: { type: 'string', help: 'the MAC address of the first', default: '52:54:00:12:34:56' },
  vlan: { type: 'string', help: 'its VLAN', default: '42' },
});

async function makeAndRemove(): Promise<void> {
  const { total, count } = await host.virtualFunctions.capacity(pf); // cat sriov_totalvfs sriov_numvfs
  console.log(`${pf} can have ${total} virtual functions and has ${count}`);
  if (count > 0) return;
  await host.virtualFunctions.create(pf, Number(options.count), { probe: false }); // echo 2 > sriov_numvfs
  try {
    await host.virtualFunctions.set(pf, 0, { mac, vlan: Number(options.vlan) }); // ip link set … vf 0 mac … vlan …
    const functions = await host.virtualFunctions.list(pf); // ip link show
    const rows = functions.map((one) => [
      String(one.index),
      one.device ?? '-',
      one.mac,
      one.vlan === null ? '-' : String(one.vlan.id),
      one.driver ?? '-',
    ]);
    console.log(table(['VF', 'Device', 'MAC', 'VLAN', 'Driver'], rows));
    const [{ device } = {}] = functions;
    if (device !== undefined) console.log(paintXml(toXML(build.nic.hostdev({ device, mac }))));
  } finally {
    await host.virtualFunctions.remove(pf); // echo 0 > sriov_numvfs
  }
  console.log('they are gone');
}

try {
  await makeAndRemove();
} catch (error) {
  if (!(error instanceof KernelError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
