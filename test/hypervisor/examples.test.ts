// The examples on a real libvirtd, where networks are bridges, dnsmasq and firewall rules.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Example, runExample } from '../lab/example.js';
import { describeWith, LIBVIRTD_NEEDS } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd, NICS, startLibvirtd } from '../lab/libvirtd.js';

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

  it('leases.ts has nothing to tell where nothing was leased', async () => {
    const { stdout, stderr, code } = await runExample('examples/leases.ts', '--uri', lab.uri);
    expect(stdout).toMatch(/^ Network +Address +MAC +Name +Until\n-+\n$/);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
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
