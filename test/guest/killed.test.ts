// Guests whose daemon is killed amid changes of their NICs: they lose no frame, and the next daemon knows their NICs.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect, type Domain, LibvirtError } from '../../lib/index.js';
import { type Guest, startGuest } from '../lab/guest.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { take } from '../lab/take.js';
import { until } from '../lab/until.js';
import { address, GUEST_NEEDS, nicByMac, startHost } from './host.js';

const CALLS = 50;
const HOST = '10.64.0.1';
const ADA = '10.64.0.11';
const BOB = '10.64.0.12';
const MACS = ['52:54:00:64:00:11', '52:54:00:64:00:12'] as const;
/** Pings 50 times a second until there is a file. Who answers is counted by the kernels at both ends. */
const pinging = (to: string, end: string) =>
  `until [ -e ${end} ]; do busybox ping -q -c 25 -i 0.02 ${to}; done`;

/** The echoes that a kernel has sent and heard, requests and replies. */
interface Echoes {
  OutEchos: number;
  InEchos: number;
  OutEchoReps: number;
  InEchoReps: number;
}

/** Reads /proc/net/snmp: a line of names, and one of numbers. */
function echoes(snmp: string): Echoes {
  const [names = [], numbers = []] = Array.from(snmp.matchAll(/^Icmp: (.*)$/gm), ([, line = '']) =>
    line.split(' '),
  );
  const counted = (name: string) => Number(numbers[names.indexOf(name)]);
  return {
    OutEchos: counted('OutEchos'),
    InEchos: counted('InEchos'),
    OutEchoReps: counted('OutEchoReps'),
    InEchoReps: counted('InEchoReps'),
  };
}

describeWith(GUEST_NEEDS, 'guests whose daemon is killed amid changes', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let guests: { guest: Guest; domain: Domain }[];
  beforeAll(async () => {
    lab = await startHost();
    // A daemon that starts takes its firewall rules away and writes them anew. Where frames between guests pass those,
    // one or the other is lost meanwhile, whatever anybody does.
    const netfilter = '/proc/sys/net/bridge/bridge-nf-call-iptables';
    await lab.must('sh', '-c', `! [ -e ${netfilter} ] || echo 0 >${netfilter}`);
    connection = await connect(lab.uri, { reconnect: { first: 10, most: 50 } });
    const network = build.network.isolated({
      name: 'lan',
      bridge: { name: 'lan', stp: false },
      ip: `${HOST}/24`,
    });
    await connection.networks.create(network);
    await connection.networks.create(build.network.isolated({ name: 'spare' }));
    guests = await Promise.all(
      [ADA, BOB].map(async (at, i) => {
        const name = ['ada', 'bob'][i] ?? '';
        const nic = build.nic.network({ network: 'lan', mac: MACS[i] ?? '' });
        const guest = await startGuest(lab, { name, machine: 'pc', nics: [nic] });
        await address(guest, 'eth0', `${at}/24`);
        return { guest, domain: await connection.domains.get(name) };
      }),
    );
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const SNMP = ['cat', '/proc/net/snmp'] as const;
  const ofGuest = async (guest: Guest) => echoes(await guest.must(SNMP.join(' ')));
  const ofHost = async () => echoes(await lab.must(...SNMP));

  /** The NICs that QEMU itself tells of, each by its alias and its MAC address. */
  async function ofQemu(domain: Domain): Promise<string[]> {
    const command = ['qemu-monitor-command', domain.name, '{"execute":"query-rx-filter"}'];
    const { return: nics } = await lab.runJson<{ return: { name: string; 'main-mac': string }[] }>(
      'virsh',
      ...command,
    );
    return nics.map((nic) => `${nic.name} ${nic['main-mac']}`).sort();
  }

  /** The taps of guests in the notes that a daemon leaves to the next one. */
  async function notedTaps(): Promise<string[]> {
    const notes = await lab.must('sh', '-c', 'cat /run/libvirt/qemu/*.xml');
    return Array.from(notes.matchAll(/<target dev='(vnet\d+)'/g), ([, tap = '']) => tap);
  }

  /**
   * Kills the daemon, though not while it has had QEMU close a NIC's tap and has not noted that yet: the next daemon has it
   * closed again, and ends the guest because QEMU says that there is none ('netdev_del': Device 'hostnet1' not found).
   */
  async function kill() {
    const signal = (name: string) => lab.must('kill', '-s', name, String(lab.daemonPid()));
    await until('the daemon has noted which taps QEMU has closed', async () => {
      await signal('STOP');
      await delay(100); // for QEMU to do what it was told until now
      const [taps, links] = await Promise.all([notedTaps(), lab.links()]);
      if (taps.every((tap) => links.has(tap))) return true;
      await signal('CONT');
      return false;
    });
    await lab.killDaemon('SIGKILL');
  }

  it('lose no frame, hang no call, and have their NICs afterwards', async () => {
    const [ada, bob] = guests as [(typeof guests)[0], (typeof guests)[0]];
    // Who has an address is asked before, so that a guest that is slow to answer loses nothing for that.
    const bridge = (await lab.links()).get('lan')?.address ?? '';
    await ada.guest.must(`arp -s ${BOB} ${MACS[1]}`);
    await bob.guest.must(`arp -s ${ADA} ${MACS[0]}; arp -s ${HOST} ${bridge}`);
    await lab.must('busybox', 'arp', '-i', 'lan', '-s', BOB, MACS[1]);
    const nic = (network = 'spare') => build.nic.network({ network });
    const spare: { domain: Domain; mac: string; stays: boolean }[] = [];
    for (const { domain, guest } of guests)
      for (const stays of [true, false, false, false]) {
        const { mac } = await domain.nics.attach(nic());
        await nicByMac(guest, mac);
        spare.push({ domain, mac, stays });
      }

    const fromHost = lab.inside.runWith({ timeoutMs: 100_000 }, 'sh', '-c', pinging(BOB, '/run/enough'));
    await ada.guest.must(`{ ${pinging(BOB, '/run/enough')}; touch /run/ended; } >/run/pings 2>&1 &`);

    await using back = connection.events.watch('reconnected', { resync: true });
    await back.ready;
    const leaving = spare.filter(({ stays }) => !stays);
    const calls = Array.from({ length: CALLS }, (_, i) => {
      const { domain } = guests[i % guests.length] as (typeof guests)[0];
      const away = leaving[i];
      const mac = `52:54:00:65:00:${String(i + 10)}`;
      return away
        ? { mac: away.mac, settled: away.domain.nics.detach(away.mac) }
        : { mac, settled: domain.nics.attach({ ...nic(), mac: { address: mac } }) };
    });
    const settled = Promise.allSettled(calls.map((call) => call.settled));
    // The daemon is in the middle of it when one of them is done.
    await Promise.any(calls.map((call) => call.settled));
    await kill();
    const results = await settled;
    const failed = results.flatMap((result, i) =>
      result.status === 'rejected' ? [{ mac: calls[i]?.mac ?? '', error: result.reason }] : [],
    );
    expect(failed.map(({ error }) => error.code)).toContain('CONNECTION_LOST');
    for (const { error } of failed) expect(error).toBeInstanceOf(LibvirtError);
    await lab.startDaemon();
    await take(back, 1);

    // Guests that were asked to let go of a NIC may do so at any time, and the new daemon may be at it by itself: until
    // they have, nothing stands still.
    for (const { domain, mac } of leaving) {
      const goes = async () => {
        await domain.nics.detach(mac).catch((error) => expect(error).toBeInstanceOf(LibvirtError));
        return (await domain.nics.list()).every((each) => each.mac !== mac);
      };
      await until(`NIC ${mac} has gone`, goes, 60_000);
    }

    // What libvirt lists, QEMU has. QEMU may have more: what the daemon had asked for when it died.
    const unfinished = failed.map(({ mac }) => mac);
    for (const { domain } of guests) {
      const listed = await domain.nics.list();
      const ofVirsh = (await lab.must('virsh', '-q', 'domiflist', domain.name)).trim().split('\n');
      expect(ofVirsh.map((line) => line.trim().split(/\s+/))).toEqual(
        listed.map(({ target, type, source, model, mac }) => [target, type, source, model, mac]),
      );
      const ofMonitor = await ofQemu(domain);
      for (const { alias, mac } of listed) expect(ofMonitor).toContain(`${alias} ${mac}`);
      const more = ofMonitor.filter((each) => !listed.some(({ mac }) => each.endsWith(mac)));
      expect(more.filter((each) => !unfinished.some((mac) => each.endsWith(mac)))).toEqual([]);
      // Changes go on.
      const stays = spare.find((each) => each.domain === domain && each.stays);
      await domain.nics.update(stays?.mac ?? '', { link: { state: 'down' } });
      await domain.nics.detach(stays?.mac ?? '');
      expect(await domain.nics.list()).toEqual(listed.filter(({ mac }) => mac !== stays?.mac));
    }

    await lab.must('touch', '/run/enough');
    await ada.guest.must('touch /run/enough; until [ -e /run/ended ]; do usleep 20000; done');
    await fromHost;
    const [sentByHost, sentByAda] = [(await ofHost()).OutEchos, (await ofGuest(ada.guest)).OutEchos];
    expect(Math.min(sentByHost, sentByAda)).toBeGreaterThan(CALLS);
    const all = sentByHost + sentByAda;
    await until('every echo has come back', async () => {
      const [host, guest] = [await ofHost(), await ofGuest(ada.guest)];
      return host.InEchoReps + guest.InEchoReps === all;
    }).catch(() => {}); // what follows says where they were lost
    expect({
      atBob: await ofGuest(bob.guest),
      atHost: await ofHost(),
      atAda: await ofGuest(ada.guest),
    }).toMatchObject({
      atBob: { InEchos: all, OutEchoReps: all },
      atHost: { InEchoReps: sentByHost },
      atAda: { InEchoReps: sentByAda },
    });
  });
});
