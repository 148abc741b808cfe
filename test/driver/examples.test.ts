// The examples on libvirt's test driver: none needs a daemon or root there.

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { build } from '../../lib/build/index.js';
import { parseInterface } from '../../lib/xml/index.js';
import { Example, runExample } from '../lab/example.js';
import { describeWith } from '../lab/have.js';
import { writeTestNode } from '../lab/test-node.js';

const folder = join(import.meta.dirname, '../../examples');
const scripts = readdirSync(folder).filter((name) => name.endsWith('.ts'));
const modes = Object.keys(build.network);
const mark = '\x1b[';

describeWith(['native'], 'the examples', () => {
  it('have one for each mode', () => {
    expect(scripts).toEqual(expect.arrayContaining(modes.map((mode) => `${mode}.ts`)));
  });

  it('say how they are used', async () => {
    const { stdout, code } = await runExample('examples/routed.ts', '--help');
    expect(stdout).toContain('Usage: npx tsx examples/routed.ts [options]');
    expect(stdout).toMatch(/--dev DEV +the only device .* \(eth0\)$/m);
    expect(code).toBe(0);
  });

  it('refuse options that they do not have', async () => {
    const { stderr, code } = await runExample('examples/nat.ts', '--colour');
    expect(stderr).toMatch(/^Unknown option '--colour'.*Usage: /s);
    expect(code).toBe(2);
  });

  it.each(modes)('%s.ts prints, starts, lists and removes its network', async (mode) => {
    const { stdout, stderr, code } = await runExample(`examples/${mode}.ts`, '--uri', 'test:///default');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toContain(`<name>example-${mode}</name>`);
    expect(stdout).toMatch(new RegExp(`^ example-${mode} +active `, 'm'));
  });

  it('print a network without a libvirt', async () => {
    const { stdout, code } = await runExample('examples/macvtap.ts', '--dev', 'enp3s0');
    expect(stdout).toBe(`  <network>
    <name>example-macvtap</name>
    <forward mode='bridge'>
      <interface dev='enp3s0'/>
    </forward>
  </network>

`);
    expect(code).toBe(0);
  });

  it('say in words what is wrong with a URI', async () => {
    const { stderr, code } = await runExample(
      'examples/nat.ts',
      '--uri',
      'qemu+unix:///system?socket=/no/such',
    );
    expect(stderr).toMatch(/^cannot connect to .*\/no\/such: Failed to connect socket/);
    expect(code).toBe(1);
  });

  it('nics.ts prints a NIC of every type, or the one that is asked for', async () => {
    const all = await runExample('examples/nics.ts');
    expect({ stderr: all.stderr, code: all.code }).toEqual({ stderr: '', code: 0 });
    for (const type of Object.keys(build.nic)) expect(all.stdout).toContain(`build.nic.${type}\n`);
    const one = await runExample('examples/nics.ts', '--type', 'passt');
    expect(parseInterface(one.stdout)).toMatchObject({ type: 'user', backend: { type: 'passt' } });
    const none = await runExample('examples/nics.ts', '--type', 'token-ring');
    expect(none.stderr).toMatch(/^--type token-ring is none of network, /);
    expect([none.stdout, none.code]).toEqual(['', 2]);
  });

  it('watch-events.ts tells the life of a network', async () => {
    const { stdout, stderr, code } = await runExample('examples/watch-events.ts');
    expect(stdout.split('\n')).toEqual([
      'example-events defined',
      'example-events started',
      'example-events stopped',
      'example-events undefined',
      '',
    ]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it.each([
    [[], 0, ' 192.168.122.20   52:54:00:12:34:56   -'],
    [['--ip', '192.168.122.30', '--name', 'web'], 0, ' 192.168.122.30   52:54:00:12:34:56   web'],
    [['--remove'], 0, 'there was none'],
    [['--ip', '192.168.122.300'], 1, 'ip: 192.168.122.300 is not an IP address'],
    [['--ip', '10.0.0.5'], 1, 'ip: 10.0.0.5 is not in 192.168.122.0/24'],
    [['--network', 'nope'], 1, "cannot get network 'nope': Network not found"],
  ])('reserve-address.ts %j ends with %i and says so', async (options, code, words) => {
    const ended = await runExample('examples/reserve-address.ts', ...options);
    expect(ended.code).toBe(code);
    expect(code === 0 ? ended.stdout : ended.stderr).toContain(words);
  });

  it('vhba.ts makes a virtual port, lists it and removes it', async () => {
    const { stdout, stderr, code } = await runExample('examples/vhba.ts');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/^ scsi_host12 +scsi_host1 +2000000099990000 +1000000099990000$/m);
    expect(stdout).toContain('scsi_host12 is gone');
    const wrong = await runExample('examples/vhba.ts', '--wwnn', 'x');
    expect(wrong).toMatchObject({ stderr: expect.stringMatching(/^wwnn: x is not/), code: 1 });
  });

  it('filter.ts prints a filter, and says what the test driver has none of', async () => {
    const { stdout, stderr, code } = await runExample('examples/filter.ts');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toContain("<filter name='example-no-mail'>");
    const there = await runExample('examples/filter.ts', '--uri', 'test:///default');
    expect(there).toMatchObject({ stderr: expect.stringContaining('not supported by the'), code: 1 });
  });
});

describeWith(['native'], 'the quickstart', () => {
  it('starts, lists, changes and removes a network of every mode', async () => {
    const { stdout, stderr, code } = await runExample('examples/quickstart.ts');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    for (const mode of modes) {
      expect(stdout).toContain(`<name>vn-${mode}</name>`);
      expect(stdout).toContain(`vn-${mode} runs`);
      expect(stdout).toMatch(new RegExp(`^ vn-${mode} +active `, 'm'));
      expect(stdout).toContain(`vn-${mode} is gone`);
    }
    expect(stdout).toContain("  +       <host mac='52:54:00:77:00:20' name='web' ip='10.77.2.20'/>");
    expect(stdout).not.toContain(mark);
  });

  it.each([
    ['in colours', {}, true],
    ['without colours where NO_COLOR is set', { NO_COLOR: '1' }, false],
  ])('fits a terminal of 80 columns, %s', (_, environment, coloured) => {
    // Node takes the terminals of CI systems for colourless.
    const { NO_COLOR, FORCE_COLOR, CI, ...inherited } = process.env;
    const command = `stty columns 80; exec '${process.execPath}' --import tsx examples/quickstart.ts`;
    const output = execFileSync('script', ['--quiet', '--command', command, '/dev/null'], {
      cwd: join(folder, '..'),
      env: { ...inherited, TERM: 'xterm-256color', ...environment },
      encoding: 'utf8',
    });
    expect(output.includes(mark)).toBe(coloured);
    const lines = stripVTControlCharacters(output).split('\r\n');
    expect(lines).toContain('  vn-nat runs');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('is in the way of no network that exists', async () => {
    using node = writeTestNode({
      networks: [
        "<network><name>vn-nat</name><bridge name='vn4'/><ip address='10.77.3.1' prefix='24'/></network>",
        "<network><name>wide</name><bridge name='wide'/><ip address='10.77.0.1' prefix='23'/></network>",
      ],
    });
    const { stdout, code } = await runExample('examples/quickstart.ts', '--uri', node.uri);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ vn2-isolated .* vn2 +10\.77\.2\.1\/24$/m);
    expect(stdout).toMatch(/^ vn2-routed .* vn5 +10\.77\.5\.1\/24$/m);
    expect(stdout).not.toContain('vn-nat is gone');
  });

  it.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)('removes what it has defined on %s', async (signal) => {
    const quickstart = new Example('examples/quickstart.ts', '--keep');
    await quickstart.printed('<name>vn-isolated</name>');
    quickstart.child.kill(signal);
    const { stdout } = await quickstart.ended;
    const named = (pattern: RegExp) => Array.from(stdout.matchAll(pattern), ([, name]) => name);
    const defined = named(/<name>(.*)<\/name>/g);
    expect(named(/^ {2}(\S+) is gone$/gm)).toEqual(defined);
  });

  it('keeps the networks until Ctrl-C when asked to', async () => {
    const quickstart = new Example('examples/quickstart.ts', '--keep');
    await quickstart.printed('Ctrl-C removes them');
    quickstart.child.kill('SIGINT');
    const { stdout, code } = await quickstart.ended;
    expect(stdout).toContain('vn-hostdev is gone');
    expect(code).toBe(0);
  });

  it('removes what it has defined when nobody reads on', async () => {
    const quickstart = new Example('examples/quickstart.ts', '--keep');
    await quickstart.printed('<name>vn-isolated</name>');
    quickstart.child.stdout.destroy();
    expect(await quickstart.ended).toMatchObject({ stderr: 'interrupted\n', code: 1 });
  });

  it('says which of its devices cannot be', async () => {
    const { stderr, code } = await runExample(
      'examples/quickstart.ts',
      '--bridge',
      'a-name-of-too-many-bytes',
    );
    expect(stderr).toMatch(/^bridge: a-name-of-too-many-bytes is not the name of a network device/);
    expect(code).toBe(1);
  });
});
