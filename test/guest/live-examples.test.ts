// The examples that need a guest that runs.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect } from '../../lib/index.js';
import { Example, runExample } from '../lab/example.js';
import { type Guest, startGuest } from '../lab/guest.js';
import { describeWith } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd, OVS_BRIDGE } from '../lab/libvirtd.js';
import { GUEST_NEEDS, startHost } from './host.js';

const DHCP = 'udhcpc -i eth0 -n -q -t 10 -T 1 -s /etc/udhcpc.script';

describeWith([...GUEST_NEEDS, 'openvswitch'], 'the examples with a guest', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let guest: Guest;
  beforeAll(async () => {
    lab = await startHost({ openvswitch: true });
    connection = await connect(lab.uri);
    await connection.networks.create(
      build.network.isolated({
        name: 'lan',
        bridge: { name: 'lan', stp: false },
        dnsmasqOptions: ['no-ping'],
        ip: { cidr: '10.62.1.1/24', dhcp: true },
      }),
    );
    await connection.networks.create(
      build.network.openvswitch({
        name: 'switched',
        bridge: OVS_BRIDGE,
        portGroups: [{ name: 'red', vlan: 10 }],
      }),
    );
    guest = await startGuest(lab, { name: 'ada' });
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const options = () => ['--uri', lab.uri, '--domain', 'ada'];

  it('hot-plug.ts tells the address of a NIC that it plugs in, and watch.ts what happens meanwhile', async () => {
    const watching = new Example('examples/watch.ts', '--uri', lab.uri);
    await watching.printed('watching');
    const plugging = runExample('examples/hot-plug.ts', ...options(), '--network', 'lan');
    await guest.must(`until ip link set eth0 up; do usleep 20000; done; ${DHCP}`);
    const { stdout, stderr, code } = await plugging;
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(
      /^ada has net0: 52:54:00:\S+ on vnet\d+\nits address is 10\.62\.1\.\d+\/24, says the lease\nada has let go of it\n$/,
    );
    await watching.printed('deviceRemoved');
    watching.child.kill('SIGINT');
    const watched = await watching.ended;
    expect(watched.stdout.match(/^device.*$/gm)).toEqual([
      'deviceAdded ada {"alias":"net0"}',
      'deviceRemoved ada {"alias":"net0"}',
    ]);
    expect({ stderr: watched.stderr, code: watched.code }).toEqual({ stderr: '', code: 0 });
  });

  it('anti-spoofing.ts filters what a NIC sends, and lets it again', async () => {
    const domain = await connection.domains.get('ada');
    const { mac } = await domain.nics.attach(build.nic.network({ network: 'lan', model: 'virtio' }));
    await guest.must('until ip link set eth0 up; do usleep 20000; done');
    await guest.must('ip address add 10.62.1.201/24 dev eth0; ip address add 10.62.1.202/24 dev eth0');
    const says = async (...more: string[]) => {
      const { stdout, stderr, code } = await runExample('examples/anti-spoofing.ts', ...options(), ...more);
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
      return stdout;
    };
    expect(await guest.reaches('10.62.1.1', '10.62.1.202')).toBe(true);
    expect(await says('--ip', '10.62.1.201')).toBe(
      `${mac} of ada may send as 10.62.1.201 and as nobody else\n`,
    );
    expect(await guest.reaches('10.62.1.1', '10.62.1.201')).toBe(true);
    expect(await guest.reaches('10.62.1.1', '10.62.1.202')).toBe(false);
    expect(await says('--off')).toBe(`${mac} of ada may send as it likes\n`);
    expect(await guest.reaches('10.62.1.1', '10.62.1.202')).toBe(true);
  });

  it.each([
    [['--network', 'lan'], / lan vnet\d+ net/],
    [['--network', 'switched', '--port-group', 'red'], new RegExp(` ${OVS_BRIDGE} vnet\\d+ net`)],
    [['--bridge', HOST_BRIDGE], new RegExp(` ${HOST_BRIDGE} vnet\\d+ net`)],
    [['--dev', 'phys1'], / phys1 macvtap\d+ net/],
    [['--slirp'], /^\S+ net/],
  ])('attach.ts plugs in with %j, and unplugs', async (where, printed) => {
    const plugged = await runExample('examples/attach.ts', ...options(), ...where);
    expect(plugged).toMatchObject({ stdout: expect.stringMatching(printed), stderr: '', code: 0 });
    const [mac = ''] = plugged.stdout.split(' ');
    const unplugged = await runExample('examples/attach.ts', ...options(), '--detach', mac);
    expect(unplugged).toMatchObject({ stdout: `ada has let go of ${mac}\n`, stderr: '', code: 0 });
  });

  it.each(['hot-plug', 'anti-spoofing', 'attach'])('%s.ts says what is wrong', async (name) => {
    const { stderr, code } = await runExample(`examples/${name}.ts`, '--uri', lab.uri, '--domain', 'nobody');
    expect(stderr).toMatch(/^cannot get domain 'nobody': Domain not found.*domains\.list\(\)/);
    expect(code).toBe(1);
  });
});
