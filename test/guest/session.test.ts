// Guests of somebody who may do nothing on the host: qemu:///session, and NICs that need no rights.

import { once } from 'node:events';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, connect, LibvirtError } from '../../lib/index.js';
import { connectGuest, type Guest } from '../lab/guest.js';
import { guestXml } from '../lab/guest-xml.js';
import { describeWith } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd } from '../lab/libvirtd.js';
import { ROOT } from '../lab/setup/step.mjs';
import { GUEST_NEEDS, serve, startHost } from './host.js';

const NOBODY = 65534;
const HOME = '/run/nobody';
/** The project, where everybody may read it. */
const PROJECT = '/run/project/';
const DHCP = 'udhcpc -i eth0 -n -q -t 10 -T 1 -s /etc/udhcpc.script';
const SETPRIV = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs'];

describeWith([...GUEST_NEEDS, 'passt'], 'a guest of nobody', () => {
  let lab: Libvirtd;
  let withPasst: boolean;
  beforeAll(async () => {
    lab = await startHost();
    withPasst = Number.parseInt(await lab.release(), 10) >= 10;
    const home = join(lab.inside.base, HOME);
    for (const folder of ['', 'libvirt']) {
      mkdirSync(join(home, folder), { mode: 0o700 });
      chownSync(join(home, folder), NOBODY, NOBODY);
    }
    // It has neither cgroups nor a system that manages its machine's identity.
    writeFileSync(join(home, 'libvirt/qemu.conf'), 'cgroup_controllers = []\nstdio_handler = "file"\n');
    writeFileSync(
      join(home, 'libvirt/libvirtd.conf'),
      'host_uuid = "8a0c9b1e-5f0b-4c1e-9a55-0b6f1d1c2d3e"\n',
    );
    await lab.must('mkdir', PROJECT);
    await lab.must('mount', '--bind', ROOT, PROJECT);
    await serve(lab, '10.99.0.1');
  });
  afterAll(() => lab?.stop());

  const asNobody = (command: string, ...args: string[]) => {
    const environment = { HOME, XDG_RUNTIME_DIR: HOME, XDG_CONFIG_HOME: HOME, XDG_CACHE_HOME: HOME };
    return lab.inside.spawn('setpriv', [...SETPRIV, command, ...args], environment);
  };

  /** Starts the example; its guest is kept. */
  async function run(name: string, ...options: string[]) {
    const xml = guestXml({ name, agent: true, home: HOME }).replaceAll(ROOT, PROJECT);
    writeFileSync(join(lab.inside.base, HOME, `${name}.xml`), xml);
    const script = `cd ${PROJECT} && exec ${process.execPath} --import tsx examples/session.ts "$@"`;
    const child = asNobody('sh', '-c', script, 'sh', '--file', `${HOME}/${name}.xml`, '--keep', ...options);
    const printed = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (more) => {
        printed[stream] += more;
      });
    const ended = once(child, 'close').then(() => printed);
    await Promise.race([once(child.stdout, 'data'), ended]);
    if (printed.stdout === '') throw new Error((await ended).stderr);
    return { guest: await connectGuest(lab, name, HOME), ended };
  }

  const sessionUri = () =>
    `qemu+unix:///session?socket=${join(lab.inside.base, HOME, 'libvirt/libvirt-sock')}`;

  /** What a web server of the lab's host answers to a guest. */
  const ask = (guest: Guest) => guest.must('wget -q -O - http://10.99.0.1/');

  it('has a NIC on the network that QEMU plays, with an address, and reaches a server of the host', async () => {
    const { guest, ended } = await run('ada');
    await guest.must(DHCP);
    expect(await ended).toEqual({
      stdout: expect.stringMatching(
        /^ada runs with virtio 52:54:00:\S+\nits address is 10\.0\.2\.15\/24, says the agent\n$/,
      ),
      stderr: '',
    });
    expect(await ask(guest)).toBe('10.99.0.1');

    await using connection = await connect(sessionUri());
    const domain = await connection.domains.get('ada');
    const [nic] = await domain.nics.list();
    expect(nic).toMatchObject({ type: 'user', model: 'virtio', target: undefined, link: 'up' });
    const qemu = (await lab.processes()).find(({ arguments: words }) =>
      words.includes('guest=ada,debug-threads=on'),
    );
    expect((await lab.must('stat', '-c', '%u', `/proc/${qemu?.pid}`)).trim()).toBe(String(NOBODY));

    const second = await domain.nics.attach(build.nic.user({ ip: '172.17.2.0/24' }));
    await guest.must(`until ip link set eth1 up; do usleep 20000; done; ${DHCP.replace('eth0', 'eth1')}`);
    expect(await domain.waitForAddress({ mac: second.mac, family: 'ipv4' })).toMatchObject({
      address: expect.stringMatching(/^172\.17\.2\./),
      source: 'agent',
    });
    await domain.nics.detach(second.mac);

    // What needs rights says so.
    const refused = domain.nics.attach(build.nic.ethernet({}));
    await expect(refused).rejects.toBeInstanceOf(LibvirtError);
    await expect(refused).rejects.toMatchObject({
      done: [],
      message: expect.stringMatching(/not permitted|denied/i),
      hint: expect.stringContaining('build.nic.user'),
    });
    await domain.destroy();
  });

  it('has ports of the host that lead to it where libvirt has passt, or is told that it has not', async () => {
    await lab.must('ip', 'route', 'add', 'default', 'via', '10.99.0.254', 'dev', HOST_BRIDGE);
    if (!withPasst) {
      await expect(run('bob', '--forward', '8080:80')).rejects.toThrow(
        /^cannot create domain 'bob': .*passt.*without passt/,
      );
      return;
    }
    const { guest, ended } = await run('bob', '--forward', '8080:80', '--dev', HOST_BRIDGE);
    await guest.must(DHCP);
    const { stdout, stderr } = await ended;
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /its address is 10\.99\.0\.1\/24, says the agent\nport 8080 of this host leads to its port 80\n$/,
    );
    await guest.must('mkdir /www; echo "from bob" >/www/index.html; httpd -h /www');
    expect(await lab.must('busybox', 'wget', '-q', '-O', '-', 'http://10.99.0.1:8080/')).toBe('from bob\n');
    await using connection = await connect(sessionUri());
    const domain = await connection.domains.get('bob');
    expect(await domain.nics.list()).toMatchObject([{ type: 'user', source: HOST_BRIDGE, backend: 'passt' }]);
    await domain.destroy();
  });
});
