// The examples on a real libvirtd, where networks are bridges, dnsmasq and firewall rules.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, connect } from '../../lib/index.js';
import { Example, runExample } from '../lab/example.js';
import { describeWith, LIBVIRTD_NEEDS } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd, NICS, startLibvirtd } from '../lab/libvirtd.js';
import { until } from '../lab/until.js';

const managed = ['isolated', 'routed', 'nat', 'open'];
const unmanaged = ['bridged', 'openvswitch', 'macvtap'];

describeWith([...LIBVIRTD_NEEDS, 'native'], 'the examples on a libvirtd', () => {
  let lab: Libvirtd;
  beforeAll(async () => {
    lab = await startLibvirtd();
  });
  afterAll(() => lab.stop());

  const startQuickstart = () => {
    const devices = ['--bridge', HOST_BRIDGE, '--dev', NICS[0], '--pf', NICS[1]];
    return new Example('examples/quickstart.ts', '--keep', '--uri', lab.uri, ...devices);
  };
  const names = async () =>
    (await lab.must('virsh', 'net-list', '--all', '--name')).split('\n').filter(Boolean);

  it.each([...managed, ...unmanaged])('%s.ts starts its network and leaves nothing behind', async (mode) => {
    const before = [...(await lab.links()).keys()];
    const { stdout, stderr, code } = await runExample(`examples/${mode}.ts`, '--uri', lab.uri);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(new RegExp(`^ example-${mode} +active `, 'm'));
    expect(await names()).toEqual([]);
    expect([...(await lab.links()).keys()]).toEqual(before);
  });

  it('hostdev.ts says that there are no virtual functions, and leaves nothing behind', async () => {
    const { stderr, code } = await runExample('examples/hostdev.ts', '--uri', lab.uri, '--pf', NICS[0]);
    expect(stderr).toMatch(new RegExp(`^cannot start network 'example-hostdev': .*SRIOV PF ${NICS[0]}`));
    expect(code).toBe(1);
    expect(await names()).toEqual([]);
  });

  it('watch-events.ts tells of what others do, until Ctrl-C', async () => {
    const watching = new Example('examples/watch-events.ts', '--uri', lab.uri);
    await watching.printed('watching');
    await runExample('examples/open.ts', '--uri', lab.uri);
    await watching.printed('example-open undefined');
    watching.child.kill('SIGINT');
    const { stdout, stderr, code } = await watching.ended;
    expect(stdout.match(/^example-open .*$/gm)).toEqual(
      ['defined', 'started', 'stopped', 'undefined'].map((what) => `example-open ${what}`),
    );
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it('filter.ts lists its filter among the others, and leaves nothing behind', async () => {
    const { stdout, stderr, code } = await runExample('examples/filter.ts', '--uri', lab.uri);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/^ clean-traffic +[0-9a-f-]{36} +-$/m);
    expect(stdout).toMatch(/^ example-no-mail +[0-9a-f-]{36} +-$/m);
    expect(await lab.must('virsh', 'nwfilter-list')).not.toContain('example-');
  });

  it('reserve-address.ts keeps an address, once', async () => {
    await using connection = await connect(lab.uri);
    const network = await connection.networks.create(
      build.network.isolated({ name: 'example-lan', ip: { cidr: '10.78.9.1/24', dhcp: true } }),
    );
    const run = (...more: string[]) =>
      runExample(
        'examples/reserve-address.ts',
        ...['--uri', lab.uri, '--network', 'example-lan', '--ip', '10.78.9.20', ...more],
      );
    expect((await run()).stdout).toMatch(/^added$/m);
    expect((await run()).stdout).toMatch(/^unchanged$/m);
    expect(await lab.must('virsh', 'net-dumpxml', 'example-lan')).toContain("ip='10.78.9.20'");
    expect((await run('--remove')).stdout).toMatch(/^removed$/m);
    await network.destroy();
  });

  it('the quickstart runs what can run there, and removes it on Ctrl-C', async () => {
    const running = startQuickstart();
    await running.printed('Ctrl-C removes them');
    const active = (await lab.must('virsh', 'net-list', '--name')).split('\n').filter(Boolean);
    expect(active).toEqual([...managed, ...unmanaged].map((mode) => `vn-${mode}`).sort());
    expect(await lab.must('virsh', 'net-dumpxml', 'vn-nat')).toContain("<host mac='52:54:00:77:00:20'");
    expect(await lab.must('virsh', 'net-dumpxml', '--inactive', 'vn-nat')).toContain("name='web'");
    running.child.kill('SIGINT');
    const { stdout, stderr, code } = await running.ended;
    expect(stdout).toMatch(/vn-hostdev does not run: .*No usable Vf's/);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(await names()).toEqual([]);
    expect(await lab.dnsmasqs()).toEqual([]);
  });

  it('the quickstart says what is left when the daemon dies', async () => {
    const running = startQuickstart();
    await running.printed('Ctrl-C removes them');
    await lab.killDaemon('SIGKILL');
    running.child.kill('SIGINT');
    const { stderr, code } = await running.ended;
    expect(code).toBe(1);
    for (const mode of [...managed, ...unmanaged, 'hostdev'])
      expect(stderr).toContain(`vn-${mode} is still there: cannot `);
    await lab.startDaemon();
    expect(await names()).toHaveLength(8);
    for (const name of await names()) {
      await lab.run('virsh', 'net-destroy', name);
      await lab.must('virsh', 'net-undefine', name);
    }
  });
});

describeWith([...LIBVIRTD_NEEDS, 'native', 'busybox'], 'leases.ts', () => {
  let lab: Libvirtd;
  beforeAll(async () => {
    lab = await startLibvirtd();
  });
  afterAll(() => lab.stop());

  const leases = () => runExample('examples/leases.ts', '--uri', lab.uri);

  it('tells of an address that a guest has got', async () => {
    expect(await leases()).toMatchObject({
      stdout: expect.stringMatching(/^ Network +Address +MAC +Name +Until\n-+\n$/),
      code: 0,
    });
    await using connection = await connect(lab.uri);
    const host = { mac: '52:54:00:12:34:56', ip: '10.32.1.20', name: 'web', lease: 'infinite' } as const;
    const ip = { cidr: '10.32.1.1/24', dhcp: { ranges: [], hosts: [host] } };
    await connection.networks.create(
      build.network.isolated({
        name: 'lan',
        bridge: { name: 'lan', stp: false },
        dnsmasqOptions: ['no-ping'],
        ip,
      }),
    );
    const commands = [
      'ip netns add guest',
      `ip link add guest type veth peer name eth0 address ${host.mac} netns guest`,
      'ip link set guest master lan up',
      'ip -n guest link set eth0 up',
      'ip netns exec guest busybox udhcpc -i eth0 -n -q -f -t 20 -T 1 -s /bin/true',
    ];
    await lab.must('sh', '-ec', commands.join('\n'));
    await until('the lease is noted', async () => (await leases()).stdout.includes(host.ip));
    expect((await leases()).stdout).toMatch(/^ lan +10\.32\.1\.20\/24 +52:54:00:12:34:56 +web +for ever$/m);
  });
});
