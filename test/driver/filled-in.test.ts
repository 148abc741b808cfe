// What libvirt makes of the NICs of a guest, configured and running: nothing that was not asked for.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diff, parseDocument, untyped } from '../../lib/xml/index.js';
import { describeWith } from '../lab/have.js';

const NICS = [
  `<interface type='network'><source network='default'/></interface>`,
  `<interface type='bridge'><mac address='52:54:00:AA:BB:CC'/><source bridge='br0'/><model type='virtio'/><filterref
   filter='x'><parameter name='IP' value='10.0.0.2'/></filterref><port isolated='no'/><boot order='1'/></interface>`,
  `<interface type='direct'><source dev='eth0'/><bandwidth><inbound average='1'/></bandwidth></interface>`,
  `<interface type='user'><ip address='10.0.0.1' prefix='24'/><ip family='ipv4' address='10.0.1.1'/></interface>`,
  `<interface type='ethernet'><script path='/x'/><target dev='tap0'/></interface>`,
  `<interface type='hostdev'><source><address type='pci' domain='0x0' bus='3' slot='0' function='0'/></source></interface>`,
  `<interface type='server'><source port='1'/></interface>`,
  `<interface type='vhostuser'><source type='unix' path='/x' mode='server'/><model type='virtio'/></interface>`,
];

const parse = (text: string) => parseDocument(text, { kind: 'domainInterface' });

describeWith(['libvirt', 'virsh'], 'the NICs of a guest', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
    writeFileSync(
      join(folder, 'guest.xml'),
      `<domain type='test'><name>guest</name><memory>1000</memory><os><type>hvm</type></os><devices>${NICS.join('')}</devices></domain>`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The NICs as libvirt prints them, after these commands. */
  const printed = (...commands: string[]): string[] => {
    const all = [`define ${folder}/guest.xml`, ...commands, 'dumpxml guest'].join('; ');
    const text = execFileSync('virsh', ['--connect', 'test:///default', all], { encoding: 'utf8' });
    return text.match(/<interface.*?<\/interface>/gs) ?? [];
  };

  it.each([
    ['configured', []],
    ['running', ['start guest']],
  ])('are what was asked for: %s', (_, commands) => {
    const texts = printed(...commands);
    expect(texts).toHaveLength(NICS.length);
    texts.forEach((text, i) => {
      const asked = parse(NICS[i] as string);
      expect(untyped(parse(text))).toEqual([]);
      expect(diff(asked, parse(text), { ignore: 'filled-in' }), text).toEqual([]);
      expect(diff(asked, parse(text)), text).not.toEqual([]);
    });
  });
});
