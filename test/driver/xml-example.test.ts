// The example that reads documents from files.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Example, runExample } from '../lab/example.js';
import { describeWith } from '../lab/have.js';

const network = `<?xml version="1.0"?>
<network colour="red">
  <name>lab</name>
  <!-- by hand -->
  <vendor>x</vendor>
  <bandwidth><inbound average="9007199254740993"/></bandwidth>
  <ip address="10.0.0.1" netmask="255.255.255.0"><dhcp>
    <host mac="52:54:00:00:00:01" name="a" ip="10.0.0.2"/>
  </dhcp></ip>
</network>
`;

const domain = `<!-- web -->\r
<domain type="kvm">\r
\t<name>web</name>   <memory unit='MiB'>512</memory>\r
\t<devices><disk/><interface colour='red' type="user"/></devices>\r
</domain>\r
\r
`;

const described = network
  .replace(' colour="red"', '')
  .replace('<vendor>x</vendor>', '<uuid>0b3cb2b7-d7cb-4cc2-9ccb-e0c477d9940d</uuid>')
  .replace('netmask="255.255.255.0"', 'prefix="24"')
  .replace('name="a"', 'name="b"');

const either = "<interface type='ethernet' name='e'><target dev='t'/></interface>";

describeWith(['native'], 'xml.ts', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  const run = (...args: string[]) => runExample('examples/xml.ts', ...args);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
    const files = {
      network,
      domain,
      described,
      broken: '<network>\n  <name>a</nam>\n</network>',
      volume: '<volume/>',
      either,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(file(name), text);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('prints documents as virtnet writes them, with all that it does not know', async () => {
    const { stdout, stderr, code } = await run(file('network'), file('described'));
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toContain(`<?xml version="1.0"?>
<network colour='red'>
  <name>lab</name>
  <!-- by hand -->
  <vendor>x</vendor>
  <bandwidth>
    <inbound average='9007199254740993'/>
  </bandwidth>
  <ip address='10.0.0.1' netmask='255.255.255.0'>
`);
    expect(stdout).toContain('<uuid>0b3cb2b7');
  });

  it('lists what is not typed, a line each', async () => {
    const { stdout, code } = await run('--untyped', file('network'));
    expect(stdout).toBe('network/@colour\nnetwork/vendor\n');
    expect(code).toBe(0);
  });

  it('prints a domain byte for byte, and lists what of it is kept as text', async () => {
    const { stdout, stderr, code } = await run(file('domain'));
    expect({ stdout, stderr, code }).toEqual({ stdout: domain, stderr: '', code: 0 });
    const listed = await run('--untyped', file('domain'));
    expect(listed.stdout).toBe('domain/memory\ndomain/devices/disk\ndomain/devices/interface/@colour\n');
    const told = await run('--json', file('domain'));
    expect(JSON.parse(told.stdout).nics).toEqual([{ kind: 'domainInterface', type: 'user' }]);
  });

  it('prints values as JSON, with numbers that JSON has no exact one for as strings', async () => {
    const { stdout, code } = await run('--json', file('network'));
    expect(JSON.parse(stdout)).toEqual({
      kind: 'network',
      name: 'lab',
      bandwidth: { inbound: { average: '9007199254740993' } },
      ips: [
        {
          address: '10.0.0.1',
          netmask: '255.255.255.0',
          dhcp: { hosts: [{ mac: '52:54:00:00:00:01', name: 'a', ip: '10.0.0.2' }] },
        },
      ],
    });
    expect(code).toBe(0);
  });

  it('prints what another file has otherwise', async () => {
    const { stdout, code } = await run('--diff', file('described'), file('network'));
    expect(stdout.split('\n')).toEqual([
      '+ uuid: "0b3cb2b7-d7cb-4cc2-9ccb-e0c477d9940d"',
      '- ips[0].netmask (address 10.0.0.1): "255.255.255.0"',
      '+ ips[0].prefix (address 10.0.0.1): 24',
      '- ips[0].dhcp.hosts[0].name (mac 52:54:00:00:00:01): "a"',
      '+ ips[0].dhcp.hosts[0].name (mac 52:54:00:00:00:01): "b"',
      '- @colour: "red"',
      '- vendor: "<vendor>x</vendor>"',
      '',
    ]);
    expect(code).toBe(0);
  });

  it('leaves out of it what libvirt fills in when asked to', async () => {
    const { stdout } = await run('--diff', file('described'), '--ignore-filled-in', file('network'));
    expect(stdout).not.toMatch(/uuid|netmask|prefix/);
    expect(stdout).toContain('+ ips[0].dhcp.hosts[0].name (mac 52:54:00:00:00:01): "b"\n');
  });

  it('reads the standard input', async () => {
    const example = new Example('examples/xml.ts', '--diff', file('described'), '--ignore-filled-in', '-');
    example.child.stdin.end(described);
    expect(await example.ended).toEqual({ stdout: '', stderr: '', code: 0 });
  });

  it('says where a file is not well-formed, and reads the others', async () => {
    const { stdout, stderr, code } = await run(file('broken'), file('network'));
    expect(stderr).toBe(`${file('broken')}:2:10: Missing end tag for element name\n`);
    expect(stdout).toContain('<name>lab</name>');
    expect(code).toBe(1);
  });

  it('says which documents there are, and that a file is not there', async () => {
    const { stdout, stderr, code } = await run(file('volume'), file('none'));
    const [volume, none] = stderr.split('\n');
    expect(volume).toContain(
      `${file('volume')}:1:1: no document that is known has the root <volume>; known are `,
    );
    expect(none).toMatch(/none: ENOENT/);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  });

  it('asks for the kind of a text that can be of two', async () => {
    const { stderr, code } = await run(file('either'));
    expect(stderr).toContain(`${file('either')}:1:1: this can be a domainInterface or a hostInterface`);
    expect(stderr).toContain('--kind KIND');
    expect(code).toBe(1);
    const told = await run('--kind', 'hostInterface', '--untyped', file('either'));
    expect(told).toEqual({ stdout: 'interface/target\n', stderr: '', code: 0 });
  });

  it('refuses a kind that there is not', async () => {
    const { stderr, code } = await run('--kind', 'netwrok', file('network'));
    expect(stderr).toMatch(/: kind: netwrok is not one of .*; is network meant\?\n$/);
    expect(code).toBe(1);
  });

  it('wants a file', async () => {
    const { stderr, code } = await run();
    expect(stderr).toMatch(/^FILE… is missing\n\n.*Usage: npx tsx examples\/xml\.ts \[options\] FILE…\n/s);
    expect(code).toBe(2);
  });
});
