import { expect, it } from 'vitest';
import { runExample } from '../lab/example.js';
import { describeWith } from '../lab/have.js';
import { HOST_NEEDS } from './netns.js';
import { failing, havingsOf, makePlace, stateOf } from './nic.js';
import { Talk } from './talk.js';

describeWith([...HOST_NEEDS, 'busybox'], 'a bridge over a NIC', () => {
  it('takes over all that the NIC has, and gives it back, while connections go on', async () => {
    await using place = await makePlace();
    const { netns, inside, beyond } = place;
    await using ipv4 = await Talk.start(netns.inside, '192.168.60.1', beyond.inside);
    await using ipv6 = await Talk.start(netns.inside, 'fd60::1', beyond.inside);
    const talks = [ipv4, ipv6];
    for (const talk of talks) await talk.goesOn();
    const before = await stateOf(netns);
    const havings = await havingsOf(netns, 'eth0');

    const bridge = await inside.bridges.takeOver('br0', 'eth0');
    for (const talk of talks) await talk.goesOn();
    const nic = await inside.links.get('eth0');
    expect(bridge).toMatchObject({ kind: 'bridge', mac: nic.mac, mtu: 1400, up: true });
    expect(bridge.options).toMatchObject({ stp: false });
    expect(nic.master).toBe('br0');
    expect(await havingsOf(netns, 'br0')).toBe(havings);
    expect((await inside.addresses.list({ link: 'eth0' })).map(({ scope }) => scope)).toEqual(['link']);
    expect(await netns.inside.must('busybox', 'ping', '-c', '1', '192.168.60.254')).toContain(
      '1 packets rec',
    );

    await inside.bridges.giveBack('br0', 'eth0');
    for (const talk of talks) await talk.goesOn();
    expect(await inside.links.find('br0')).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
  });

  it('leaves all as it was when a route would not be taken a second time', async () => {
    await using place = await makePlace();
    const { netns, inside } = place;
    // Its gateway was in a subnet when it was made.
    await netns.ip('address add 10.90.0.1/24 dev eth0');
    await netns.ip('route add 10.91.0.0/16 via 10.90.0.9');
    await netns.ip('address del 10.90.0.1/24 dev eth0');
    const error = await failing(place, () => inside.bridges.takeOver('br0', 'eth0'));
    expect(error).toMatchObject({ code: 'ENETUNREACH', device: 'br0', call: 'RTM_NEWROUTE' });
    expect(error.message).toMatch(
      /^cannot move route to 10\.91\.0\.0\/16 from 'eth0' to 'br0': .*onLink: true/,
    );
    expect(await inside.links.find('br0')).toBeUndefined();
  });

  it('leaves all as it was when new links have no IPv6', async () => {
    await using place = await makePlace();
    await place.netns.inside.must('sysctl', 'net.ipv6.conf.default.disable_ipv6=1');
    const error = await failing(place, () => place.inside.bridges.takeOver('br0', 'eth0'));
    expect(error).toMatchObject({ code: 'EACCES', call: 'RTM_NEWROUTE' });
    expect(error.hint).toContain('net.ipv6.conf.default.disable_ipv6=0');
  });

  it('leaves all as it was when an address is at the NIC already, or the bridge must stay', async () => {
    await using place = await makePlace();
    const { netns, inside } = place;
    await inside.bridges.takeOver('br0', 'eth0', { alias: 'uplink', ageingTime: 60 });
    expect((await inside.links.get('br0')).alias).toBe('uplink');
    const back = (force = false) => inside.bridges.giveBack('br0', 'eth0', { force });

    await netns.ip('link add guest0 type veth peer name guest1');
    await netns.ip('link set guest0 master br0');
    const busy = await failing(place, () => back());
    expect(busy).toMatchObject({ code: 'EBUSY', detail: 'it has ports: guest0' });
    expect(busy.hint).toContain('force: true');

    await netns.ip('address add 10.60.0.1/24 dev eth0');
    const clash = await failing(place, () => back(true));
    expect(clash).toMatchObject({ code: 'EEXIST', object: "address 10.60.0.1/24 from 'br0' to 'eth0'" });
    await netns.ip('address del 10.60.0.1/24 dev eth0');

    const disable = (value: number) =>
      netns.inside.must('sysctl', `net.ipv6.conf.eth0.disable_ipv6=${value}`);
    await disable(1);
    expect(await failing(place, () => back(true))).toMatchObject({
      code: 'EACCES',
      call: 'RTM_NEWROUTE',
      hint: expect.stringContaining('net.ipv6.conf.NAME.disable_ipv6=0'),
    });
    await disable(0);

    await netns.ip('link add link br0 name upon0 type macvtap mode bridge');
    expect(await failing(place, () => back(true))).toMatchObject({ code: 'EBUSY', detail: /upon0/ });
    await netns.ip('link del upon0');

    await back(true);
    expect(await netns.linkNames()).not.toContain('br0');
    expect((await netns.ipJson('link show dev guest0'))[0]).not.toHaveProperty('master');
  });

  it('moves what names the NIC by another name, and is told of it by that', async () => {
    await using place = await makePlace();
    const { netns, inside } = place;
    const altName = 'enp1s0';
    await netns.ip(`link property add dev eth0 altname ${altName}`);
    for (const command of [
      `rule add iif ${altName} lookup 74 priority 100`,
      `-6 rule add oif ${altName} lookup 74 priority 101`,
      `route add 10.78.0.0/16 dev ${altName}`,
      `neighbour add 192.168.60.8 lladdr 52:54:00:00:00:08 dev ${altName} nud permanent`,
    ])
      await netns.ip(command);
    // It is the NIC's, and a rule names the NIC by its own name when that comes back.
    const havings = (await havingsOf(netns, 'eth0')).replaceAll(altName, 'NIC');
    await inside.bridges.takeOver('br0', altName);
    expect(await havingsOf(netns, 'br0')).toBe(havings);
    await netns.ip('link property add dev br0 altname lan');
    await netns.ip('rule add iif lan lookup 75 priority 102');
    await inside.bridges.giveBack('lan', altName);
    await netns.ip('rule del iif eth0 lookup 75 priority 102');
    expect(await havingsOf(netns, 'eth0')).toBe(havings);
  });

  it('is refused over what can be no port, and under a name that is taken', async () => {
    await using place = await makePlace();
    const { netns, inside } = place;
    await netns.ip('link add taken type ifb');
    await netns.ip('link add other type bridge');
    await netns.ip('link add port0 master other type veth peer name port1');
    const rows: [bridge: string, nic: string, code: string, words: RegExp][] = [
      ['taken', 'eth0', 'EEXIST', /cannot create bridge 'taken'.*host\.links\.get/],
      ['br0', 'eth9', 'ENODEV', /cannot take over link 'eth9'.*host\.links\.list/],
      ['br0', 'lo', 'EINVAL', /'lo': .*it is of type loopback.*Ethernet only/],
      ['br0', 'other', 'ELOOP', /it is a bridge itself.*build\.network\.bridged/],
      ['br0', 'port0', 'EBUSY', /it is in 'other' already.*master: null/],
    ];
    for (const [bridge, nic, code, words] of rows) {
      const error = await failing(place, () => inside.bridges.takeOver(bridge, nic));
      expect(error.message).toMatch(words);
      expect(error.code).toBe(code);
    }
    for (const [bridge, nic, words] of [
      ['taken', 'eth0', /it is a ifb and not a bridge/],
      ['other', 'eth0', /'eth0': .*it is in no bridge/],
      ['other', 'eth9', /no device 'eth9'/],
      ['br9', 'eth0', /no device 'br9'/],
    ] as const)
      expect((await failing(place, () => inside.bridges.giveBack(bridge, nic))).message).toMatch(words);
    await expect(inside.bridges.takeOver('br0', 'eth0', { mtu: 9000 } as never)).rejects.toThrow(
      "options.mtu: that is the NIC's",
    );
  });

  it('is refused where macvtap devices or VXLANs are on it, and over next hop objects', async () => {
    await using place = await makePlace();
    const { netns, inside } = place;
    await netns.ip('link add link eth0 name upon0 type macvtap mode bridge');
    const busy = await failing(place, () => inside.bridges.takeOver('br0', 'eth0'));
    expect(busy).toMatchObject({ code: 'EBUSY', hint: expect.stringContaining('macvtap') });
    await netns.ip('link del upon0');
    const vxlan = 'link add upon0 type vxlan id 7 dstport 4789 remote 192.168.60.7';
    await netns.ip(`${vxlan} dev eth0`);
    const bound = {
      code: 'EBUSY',
      detail: 'VXLANs send over it: upon0',
      hint: expect.stringContaining('options.link'),
    };
    expect(await failing(place, () => inside.bridges.takeOver('br0', 'eth0'))).toMatchObject(bound);
    await netns.ip('link del upon0');
    await netns.ip(vxlan);
    await inside.bridges.takeOver('br0', 'eth0');
    await netns.ip('link del upon0');
    await netns.ip(`${vxlan} dev br0`);
    expect(await failing(place, () => inside.bridges.giveBack('br0', 'eth0'))).toMatchObject(bound);
    await netns.ip('link del upon0');
    await inside.bridges.giveBack('br0', 'eth0');
    await netns.ip('nexthop add id 7 via 192.168.60.254 dev eth0');
    await netns.ip('route add 10.92.0.0/16 nhid 7');
    const held = await failing(place, () => inside.bridges.takeOver('br0', 'eth0'));
    expect(held).toMatchObject({ code: 'EOPNOTSUPP', detail: 'it leads to a next hop object (nhid 7)' });
  });

  it('is what examples/host-bridge.ts makes, and gives back', async () => {
    await using place = await makePlace();
    const { netns, inside, beyond } = place;
    await using talk = await Talk.start(netns.inside, '192.168.60.1', beyond.inside);
    const before = await stateOf(netns);
    const run = (...args: string[]) => runExample('examples/host-bridge.ts', '--netns', netns.path, ...args);
    const made = await run();
    expect({ stderr: made.stderr, code: made.code }).toEqual({ stderr: '', code: 0 });
    expect(made.stdout).toContain('br0 has 192.168.60.1/24\n');
    expect(made.stdout).toContain('default by 192.168.60.254 over br0\n');
    expect(made.stdout).toContain('<bridge name="br0"/>'.replaceAll('"', "'"));
    const again = await run();
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^cannot take over link 'eth0': .*it is in 'br0' already/);
    const gone = await run('--back');
    expect({ stderr: gone.stderr, code: gone.code }).toEqual({ stderr: '', code: 0 });
    expect(gone.stdout).toContain('eth0 has 192.168.60.1/24\n');
    expect(await inside.links.find('br0')).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
    await talk.goesOn();
  });
});
