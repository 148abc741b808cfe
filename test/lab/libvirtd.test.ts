// The lab tests itself with libvirt's own shell, so that a failure elsewhere is not the lab's.

import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, LIBVIRTD_NEEDS } from './have.js';
import { HOST_BRIDGE, type Libvirtd, NICS, OVS_BRIDGE, startLibvirtd } from './libvirtd.js';
import { until } from './until.js';

const NAT_NETWORK = `<network><name>nat</name><forward mode='nat'/><bridge name='vnat0'/>
  <ip address='192.168.77.1' prefix='24'><dhcp><range start='192.168.77.2' end='192.168.77.9'/></dhcp></ip>
</network>`;

describeWith(LIBVIRTD_NEEDS, 'a private libvirtd', () => {
  let lab: Libvirtd;
  beforeAll(async () => {
    lab = await startLibvirtd();
  });
  afterAll(() => lab.stop());

  it('starts without any network and with its own links only', async () => {
    expect(await lab.must('virsh', 'net-list', '--all', '--name')).toBe('\n');
    const links = await lab.links();
    expect([...links.keys()].filter((name) => !name.startsWith('peer')).sort()).toEqual(
      ['lo', ...NICS, HOST_BRIDGE].sort(),
    );
    expect(links.get(HOST_BRIDGE)?.addr_info).toContainEqual(expect.objectContaining({ local: '10.99.0.1' }));
  });

  it('is reached from outside of its namespaces', async () => {
    expect((await virsh('--connect', lab.uri, 'hostname')).stdout.trim()).toBe('lab');
  });

  it('serves read-only connections on a socket of their own', async () => {
    const readOnly = ['--readonly', '--connect', lab.readOnlyUri];
    expect((await virsh(...readOnly, 'net-list')).code).toBe(0);
    writeFileSync(join(lab.inside.base, 'network.xml'), NAT_NETWORK);
    const refused = await virsh(...readOnly, 'net-define', join(lab.inside.base, 'network.xml'));
    expect(refused.stderr).toContain('read only access');
  });

  it('shows no device of the machine as writable', async () => {
    const writes = await lab.run('sh', '-c', 'for file in /sys/bus/*/drivers_probe; do echo x >$file; done');
    expect(writes.stderr).toContain('Read-only file system');
    expect(writes.code).not.toBe(0);
  });

  it('runs a network with dnsmasq and firewall rules, through a crash of the daemon, until it is destroyed', async () => {
    writeFileSync(join(lab.inside.base, 'network.xml'), NAT_NETWORK);
    await lab.must('virsh', 'net-create', join(lab.inside.base, 'network.xml'));
    expect((await lab.links()).get('vnat0')?.linkinfo?.info_kind).toBe('bridge');
    expect((await lab.dnsmasqs())[0]?.arguments).toContain('--conf-file=/var/lib/libvirt/dnsmasq/nat.conf');
    expect((await lab.firewall()).iptables).toContain('192.168.77.0/24');

    const before = lab.daemonPid();
    await lab.killDaemon('SIGKILL');
    expect((await virsh('--connect', lab.uri, 'uri')).code).not.toBe(0);
    await lab.startDaemon();
    expect(lab.daemonPid()).not.toBe(before);
    expect(await lab.must('virsh', 'net-list', '--name')).toContain('nat');

    await lab.must('virsh', 'net-destroy', 'nat');
    expect((await lab.links()).has('vnat0')).toBe(false);
    expect(await lab.dnsmasqs()).toEqual([]);
    expect((await lab.firewall()).iptables).not.toContain('192.168.77.0/24');
  });

  it('says at its end that the daemon had ended by itself', async () => {
    const crashing = await startLibvirtd();
    const pid = String(crashing.daemonPid());
    await crashing.must('kill', '-s', 'SEGV', pid);
    await until('it has ended', async () => (await crashing.run('kill', '-0', pid)).code !== 0);
    await expect(crashing.stop()).rejects.toThrow('libvirtd has ended by itself; its log: ');
    await crashing.stop();
    expect(existsSync(crashing.inside.base)).toBe(false);
  });

  it('has no way in that was not asked for', () => {
    expect(() => lab.tcpUri).toThrow('start the daemon with { tcp: true }');
    expect(() => lab.tlsUri).toThrow('start the daemon with { tls: true }');
  });

  it('says how a command ended', async () => {
    expect(await lab.inside.runWith({ input: 'in' }, 'sh', '-c', 'cat; echo err >&2; exit 3')).toEqual({
      stdout: 'in',
      stderr: 'err\n',
      code: 3,
    });
    expect((await lab.run('sh', '-c', 'kill -KILL $$')).code).toBe(128 + 9);
    await expect(lab.inside.runWith({ timeoutMs: 100 }, 'sleep', '60')).rejects.toThrow('sleep 60: not done');
    await until(
      'the command that took too long is gone',
      async () => (await lab.processes('sleep')).length === 0,
    );
  });
});

describeWith([...LIBVIRTD_NEEDS, 'openvswitch', 'udev'], 'several private libvirtds', () => {
  it('live side by side, with udev and Open vSwitch, and leave nothing behind', async () => {
    const labs = await Promise.all([1, 2].map(() => startLibvirtd({ openvswitch: true, udev: true })));
    try {
      for (const lab of labs) {
        expect(await lab.must('ovs-vsctl', 'list-br')).toBe(`${OVS_BRIDGE}\n`);
        expect(await lab.must('virsh', 'nodedev-list', '--cap', 'net')).toContain('net_phys0_');
        expect(await lab.must('virsh', 'iface-list', '--all')).toContain(HOST_BRIDGE);
      }
      await labs[0]?.must('ip', 'link', 'delete', 'phys0');
      expect((await labs[1]?.links())?.has('phys0')).toBe(true);
    } finally {
      await Promise.all(labs.map((lab) => lab.stop()));
    }
    for (const lab of labs) expect(existsSync(lab.inside.base)).toBe(false);
  });
});

describeWith([...LIBVIRTD_NEEDS, 'sasl', 'sasl mechanisms', 'openssl'], 'ways in', () => {
  const sasl = { user: 'ada', password: 'correct horse' };
  let lab: Libvirtd;
  beforeAll(async () => {
    lab = await startLibvirtd({ sasl, tcp: true, tls: true });
  });
  afterAll(() => lab.stop());

  function authFile(password: string): string {
    const file = join(lab.inside.base, `auth-${password.length}.conf`);
    const credentials = `[credentials-lab]\nauthname=${sasl.user}\npassword=${password}\n`;
    writeFileSync(file, `${credentials}[auth-libvirt-default]\ncredentials=lab\n`);
    return `authfile=${file}`;
  }

  it.each([
    ['the UNIX socket', () => `${lab.uri}&`],
    ['TCP', () => `${lab.tcpUri}?`],
    ['TLS', () => `${lab.tlsUri}&`],
  ])('%s takes the right password only', async (_name, uri) => {
    const right = await virsh('--connect', uri() + authFile(sasl.password), 'hostname');
    expect(right).toMatchObject({ code: 0, stdout: 'lab\n\n' });
    const wrong = await virsh('--connect', uri() + authFile('wrong'), 'hostname');
    expect(wrong.stderr).toContain('authentication failed');
  });

  it('the read-only socket asks for none', async () => {
    expect((await virsh('--readonly', '--connect', lab.readOnlyUri, 'hostname')).code).toBe(0);
  });
});

interface Ended {
  stdout: string;
  stderr: string;
  code: number;
}

/** virsh on this side of the namespaces, with nobody to ask for a password. */
function virsh(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile('virsh', args, { timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ stdout, stderr, code: error ? 1 : 0 });
    });
    child.stdin?.end();
  });
}
