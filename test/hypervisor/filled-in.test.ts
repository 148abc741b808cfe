// What libvirt makes of network filters: nothing that was not asked for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diff, parseFilter } from '../../lib/xml/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const FILTERS = {
  'without anything': '',
  'that refers to others': `<rule action='drop' direction='in'><all/></rule><filterref filter='asked-0'/>`,
  'with masks and MAC addresses': `<rule action='drop' direction='in' statematch='true'>
      <ip srcipaddr='10.1.2.3' srcipmask='255.255.255.0' protocol='tcp' dstportstart='22'/></rule>
    <rule action='accept' direction='out' priority='-3'><mac srcmacaddr='AA:BB:CC:DD:EE:FF' protocolid='arp'/></rule>`,
  'with IPv6': `<rule action='return' direction='inout'><ipv6 srcipaddr='FD00:0::1' srcipmask='64'/></rule>`,
  'with variables and states': `<rule action='drop' direction='out'><arp match='yes' arpsrcmacaddr='$MAC'/></rule>
    <rule action='return' direction='inout'><tcp match='no' srcipaddr='$IP' state='NEW,ESTABLISHED'/></rule>`,
};

describeWith(HYPERVISOR_NEEDS, 'a network filter', () => {
  let lab: Libvirtd;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
    lab = await startHost();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await lab?.stop();
  });

  it.each(Object.entries(FILTERS).map(([title, inside], i) => [title, inside, `asked-${i}`] as const))(
    '%s is what was asked for',
    async (_, inside, name) => {
      const text = `<filter name='${name}'>${inside}</filter>`;
      writeFileSync(join(folder, name), text);
      await lab.must('virsh', 'nwfilter-define', join(folder, name));
      const printed = parseFilter(await lab.must('virsh', 'nwfilter-dumpxml', name));
      expect(diff(parseFilter(text), printed, { ignore: 'filled-in' })).toEqual([]);
      expect(diff(parseFilter(text), printed).map(({ path }) => path)).toContain('uuid');
    },
  );
});
