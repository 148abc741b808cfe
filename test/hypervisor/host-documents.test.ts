// What a real libvirtd prints of the host's interfaces and devices is read whole and written byte for byte.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseHostInterface, parseNodeDevice, toXML, untyped } from '../../lib/xml/index.js';
import { describeWith, LIBVIRTD_NEEDS } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd, NICS, startLibvirtd } from '../lab/libvirtd.js';

describeWith([...LIBVIRTD_NEEDS, 'udev'], 'a document of the host', () => {
  let lab: Libvirtd;
  beforeAll(async () => {
    lab = await startLibvirtd({ udev: true });
    await lab.must('ip', 'link', 'set', NICS[0], 'master', HOST_BRIDGE);
  });
  afterAll(() => lab.stop());

  /** The first words of the lines that virsh lists. */
  const names = async (...list: string[]): Promise<string[]> => {
    const lines = (await lab.must('virsh', ...list)).split('\n');
    return lines.map((line) => line.trim().split(/\s+/)[0] ?? '').filter(Boolean);
  };

  /** A document as libvirt prints it; virsh adds a line end. */
  const dump = async (...command: string[]): Promise<string> =>
    (await lab.must('virsh', ...command)).replace(/\n$/, '');

  it('is typed to the last word: every interface', async () => {
    const listed = await names('iface-list', '--all');
    const interfaces = listed.filter((name) => name !== 'Name' && !name.startsWith('--'));
    expect(interfaces).toEqual(expect.arrayContaining([HOST_BRIDGE, 'lo', NICS[1]]));
    for (const name of interfaces) {
      const xml = await dump('iface-dumpxml', name);
      const doc = parseHostInterface(xml);
      expect(untyped(doc), xml).toEqual([]);
      expect(toXML(structuredClone(doc))).toBe(xml);
      expect(doc.name).toBe(name);
      if (doc.type === 'bridge') expect(doc.bridge.interfaces?.map((port) => port.name)).toEqual([NICS[0]]);
    }
  });

  it('is typed to the last word: every node device', async () => {
    const devices = await names('nodedev-list');
    expect(devices).toEqual(
      expect.arrayContaining(['computer', expect.stringMatching(new RegExp(`^net_${NICS[1]}_`))]),
    );
    for (const name of devices) {
      const xml = await dump('nodedev-dumpxml', name);
      const doc = parseNodeDevice(xml);
      expect(untyped(doc), xml).toEqual([]);
      expect(toXML(structuredClone(doc))).toBe(xml);
      expect(doc.name).toBe(name);
    }
  });
});
