// The NICs of a guest: listed, attached, changed, detached, measured.
import { randomMac } from '../../build/address/index.js';
import type { NetworkNicBandwidthOptions } from '../../build/bandwidth.js';
import { flag, record } from '../../build/reader.js';
import { LibvirtError } from '../../errors.js';
import type { Functions } from '../../native/functions.gen.js';
import type { Domain as DomainHandle } from '../../native/handles.js';
import { nicsOf } from '../../xml/domain/nics.js';
import { type Bandwidth, type DomainInterfaceDocument, toXML } from '../../xml/index.js';
import { type Affect, affectFields, flagsOf, type Half, halves, readAffect } from '../affect.js';
import { parseVersion } from '../ask.js';
import { bandwidthParameters, readBandwidth, readLimits } from '../bandwidth.js';
import { withDone } from '../done.js';
import { refuseNewer } from '../newer.js';
import { type WaitOptions, waitFields, within } from '../waiting.js';
import { type AnnounceOptions, announceParameters } from './announce.js';
import type { AskDomain, Domain } from './domain.js';
import { readNic } from './given-nic.js';
import { type GuestNic, guestNic } from './guest-nic.js';
import { changedNic, type NicChange } from './nic-change.js';
import { nicTaken, notLetGo, notRunning, oneOfTwo } from './nic-errors.js';
import { checkedName, type Halves, locate } from './nic-names.js';
import { type NicStats, readNicStats } from './nic-stats.js';
import { refuseNull } from './null-nic.js';
import { type Removal, watchRemoval } from './removal.js';

/** Which NICs: those of what runs, or those kept for the next start. */
export interface NicsOptions {
  /** Those for the next start; those of what runs when there is something that runs, if not given. */
  inactive?: boolean;
}

/** What a NIC is taken away from, and how long the guest may take to let go of it. */
export interface DetachNicOptions extends Affect, WaitOptions {}

/** How long a guest has to let go of a NIC, in milliseconds. */
const patience = 30_000;
/** From here on libvirt takes a macvtap off its network that it is told of as it is (11.3 does, 9.0 does not). */
const FORGETS_NETWORKS = '9.1.0';

const readNicsOptions = record<NicsOptions>()('NICs', { inactive: flag });
const readDetachOptions = record<DetachNicOptions>()('a removal', { ...affectFields, ...waitFields });

/**
 * The NICs of a guest. One is named by its MAC address, its alias (`net0`), its target (`vnet0`) or its PCI address
 * (`0000:00:03.0`); in the configuration, where it has mostly neither alias nor target, by the first or the last.
 *
 * Changes are for what runs when the guest does, and for the configuration when it has one; `live` and `config` say
 * otherwise. When only one of the two was changed, the error says which: `error.done`. Changes of one guest's NICs that are
 * made through one connection come one after another.
 *
 * @see https://libvirt.org/formatdomain.html#network-interfaces
 */
export class GuestNics {
  readonly #domain: Domain;
  readonly #ask: AskDomain;

  /** @internal */
  constructor(domain: Domain, ask: AskDomain) {
    this.#domain = domain;
    this.#ask = ask;
  }

  /**
   * The NICs in their order.
   *
   * ```ts
   * for (const { mac, source, target, link } of await domain.nics.list()) console.log(mac, source, target, link);
   * ```
   */
  async list(options: NicsOptions = {}): Promise<readonly GuestNic[]> {
    const { inactive = false } = readNicsOptions(options, '');
    return Object.freeze(nicsOf(await this.#domain.xml({ inactive })).map(guestNic));
  }

  /**
   * Plugs a NIC in, and resolves to it. It gets a MAC address when it has none, the same for what runs and for the
   * configuration.
   *
   * ```ts
   * const nic = await domain.nics.attach(build.nic.network({ network: 'lan', model: 'virtio' }));
   * await domain.waitForAddress({ mac: nic.mac });
   * ```
   *
   * @param nic A document, of a builder or written by hand, or the text of one. That of a NIC of a guest that runs is
   *   plugged into its network, and not into the bridge or device that the network gave it; leave `source.network` out
   *   for those.
   * @throws LibvirtError `OPERATION_INVALID` for a guest that does not run with `live`, for a network that does not
   *   run, and for a MAC address that one of its NICs has; `INTERNAL_ERROR` for a model that the hypervisor does not
   *   have; `CONFIG_UNSUPPORTED` for a `null` NIC; `OPERATION_UNSUPPORTED` for one whose cable is a socket (multicast, TCP,
   *   UDP), which a guest has only from its start; `FIELD_TOO_NEW` for a field that the libvirt at the other end would
   *   drop.
   * @throws TypeError, RangeError or XmlError naming what is wrong in the document.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainAttachDeviceFlags
   */
  async attach(nic: DomainInterfaceDocument | string, options: Affect = {}): Promise<GuestNic> {
    const affect = readAffect(options, '');
    const given = readNic(nic);
    const document = given.mac ? given : { ...given, mac: { address: randomMac() } };
    const mac = document.mac?.address.toLowerCase() ?? '';
    const xml = toXML(document);
    const asked = { action: 'attach', object: this.#object(`NIC ${mac}`) };
    const { connection } = this.#domain;
    await Promise.all([refuseNewer(asked, document, connection), refuseNull(asked, [document], connection)]);
    return this.#oneAfterAnother(async () => {
      const wanted = await halves(this.#domain, affect);
      const before = await Promise.all(wanted.map((half) => this.#listOf(half)));
      if (before.flat().some((each) => each.mac === mac)) throw nicTaken(asked);
      try {
        await this.#ask(`attach NIC ${mac} to`, (functions, handle) =>
          functions.virDomainAttachDeviceFlags(handle, xml, flagsOf(wanted)),
        );
      } catch (error) {
        throw withDone(error, await this.#having(mac, wanted));
      }
      const attached = (await this.#listOf(wanted[0] ?? 'live')).find((each) => each.mac === mac);
      // A guest may be gone by now; what was asked for was done all the same.
      return attached ?? guestNic(document);
    });
  }

  /**
   * Takes a NIC away. Resolves when the guest has let go of it, and not when it was asked to.
   *
   * ```ts
   * await domain.nics.detach('52:54:00:12:34:56', { timeout: 10_000 });
   * ```
   *
   * @throws LibvirtError `DEVICE_MISSING` when there is no such NIC; `OPERATION_TIMEOUT` when the guest has not answered
   *   in 30 seconds, or in the `timeout`: it may still do so later, `deviceRemoved` tells; `OPERATION_FAILED` when it
   *   refuses. The configuration is changed all the same, and `error.done` says so.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainDetachDeviceAlias
   */
  async detach(nic: string, options: DetachNicOptions = {}): Promise<void> {
    const key = checkedName(nic);
    const { signal, timeout = patience, ...affect } = readDetachOptions(options, '');
    const done: Half[] = [];
    const object = this.#object(`NIC ${key}`);
    const late = () => notLetGo(object, `within ${timeout / 1000} s`, 'OPERATION_TIMEOUT', done);
    const outcome = await within({ ...(signal && { signal }), timeout }, late, async (stop) => {
      const { answer } = await this.#oneAfterAnother(async () => {
        stop.throwIfAborted();
        const found = await this.#locate('detach', key, affect);
        const removal = found.live && (await this.#startRemoval(key, found.live, stop));
        if (found.config) await this.#detachFromConfig(key, found.config, done);
        return { answer: removal };
      });
      // Other changes do not wait for the guest.
      return answer?.();
    });
    if (outcome === 'refused') throw notLetGo(object, 'and says so', 'OPERATION_FAILED', done);
  }

  /**
   * Changes a NIC: its link, its network, its filter, its bandwidth. What libvirt cannot change while the guest runs,
   * it refuses.
   *
   * ```ts
   * await domain.nics.update('52:54:00:12:34:56', { link: 'down' }); // pulls its cable
   * await domain.nics.update('net0', { source: { network: 'other' }, filterRef: undefined });
   * await domain.nics.update('0000:00:03.0', { mtu: 9000, model: 'e1000e' }, { live: false });
   * ```
   *
   * @param change Fields that take the place of those that it has, undefined for one to be taken away; or a function
   *   that gives the document to be, of the one that is. It is called for what runs and for the configuration. The fields
   *   are those of the document; `link`, `bandwidth`, `mtu`, `model`, `vlan`, `boot`, `coalesce`, `target` and `alias` may
   *   be as the builders take them.
   * @throws LibvirtError `DEVICE_MISSING` when there is no such NIC; `OPERATION_UNSUPPORTED` or `CONFIG_UNSUPPORTED` for
   *   what cannot be changed.
   * @throws TypeError or RangeError naming what is wrong in the document to be.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainUpdateDeviceFlags
   */
  async update(nic: string, change: NicChange, options: Affect = {}): Promise<void> {
    const key = checkedName(nic);
    const affect = readAffect(options, '');
    return this.#oneAfterAnother(() => this.#update(key, change, affect));
  }

  async #update(key: string, change: NicChange, affect: Affect): Promise<void> {
    const found = await this.#locate('change', key, affect);
    const { connection } = this.#domain;
    const keeps = await this.#keepsNetwork(found.live);
    const changes = present(found).map(([half, { document }]) => ({
      half,
      to: changedNic(document, change, keeps),
    }));
    const asked = { action: 'change', object: this.#object(`NIC ${key}`) };
    for (const { to } of changes) await refuseNewer(asked, to, connection);
    const documents = changes.map(({ to }) => to);
    await refuseNull(asked, documents, connection);
    const texts = changes.map(({ half, to }) => ({ half, xml: toXML(to) }));
    const done: Half[] = [];
    for (const { half, xml } of texts) {
      await this.#half(`change NIC ${key} of`, half, done, (functions, handle, flags) =>
        functions.virDomainUpdateDeviceFlags(handle, xml, flags),
      );
    }
  }

  /** Whether libvirt leaves a macvtap on its network that it is told of as it is; of other NICs nobody asks. */
  async #keepsNetwork(nic: GuestNic | undefined): Promise<boolean> {
    if (nic?.type !== 'direct' || nic.network === undefined) return true;
    const version = await this.#domain.connection.libvirtVersion();
    return parseVersion(version) < parseVersion(FORGETS_NETWORKS);
  }

  /**
   * What has gone through a NIC since its guest was started, as the guest sees it.
   *
   * @throws LibvirtError `DEVICE_MISSING` when there is no such NIC, `OPERATION_INVALID` when the guest does not run.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInterfaceStats
   */
  async stats(nic: string): Promise<NicStats> {
    const key = checkedName(nic);
    const { live } = await this.#locate('measure', key, { live: true, config: false });
    const device = live?.target ?? live?.mac ?? key;
    return readNicStats(
      await this.#ask(`measure NIC ${key} of`, (functions, handle) =>
        functions.virDomainInterfaceStats(handle, device),
      ),
    );
  }

  /** How fast traffic of a NIC may flow; a direction without a limit is left out. */
  async bandwidth(nic: string, options: NicsOptions = {}): Promise<Bandwidth> {
    const key = checkedName(nic);
    const { inactive = false } = readNicsOptions(options, '');
    const affect = inactive ? { live: false, config: true } : {};
    const found = await this.#locate('ask the bandwidth of', key, affect);
    const half = found.live ? 'live' : 'config';
    const device = await this.#device('ask the bandwidth of', key, half, found[half]);
    const parameters = await this.#ask(`ask the bandwidth of NIC ${key} of`, (functions, handle) =>
      functions.virDomainGetInterfaceParameters(handle, device, flagsOf([half])),
    );
    return readBandwidth(parameters);
  }

  /**
   * Says how fast traffic of a NIC may flow: exactly so, a direction that is left out gets no limit. Null takes all limits
   * away.
   *
   * ```ts
   * await domain.nics.setBandwidth('net0', { inbound: { average: 1000, burst: 256 } }); // 1000 kB/s
   * await domain.nics.setBandwidth('net0', '10mbit'); // both directions
   * ```
   *
   * @throws LibvirtError `DEVICE_MISSING` when there is no such NIC, or why the host cannot shape traffic.
   * @throws TypeError or RangeError for a rate that cannot be, or that needs another one: `bandwidth.inbound.average: …`.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainSetInterfaceParameters
   */
  async setBandwidth(
    nic: string,
    bandwidth: NetworkNicBandwidthOptions | Bandwidth | null,
    options: Affect = {},
  ): Promise<void> {
    const key = checkedName(nic);
    const affect = readAffect(options, '');
    const parameters = bandwidthParameters(readLimits(bandwidth, 'bandwidth'));
    return this.#oneAfterAnother(async () => {
      const action = 'set the bandwidth of';
      const found = present(await this.#locate(action, key, affect));
      const devices = await Promise.all(
        found.map(async ([half, each]) => [half, await this.#device(action, key, half, each)] as const),
      );
      const done: Half[] = [];
      for (const [half, device] of devices) {
        await this.#half(`${action} NIC ${key} of`, half, done, (functions, handle, flags) =>
          functions.virDomainSetInterfaceParameters(handle, device, parameters, flags),
        );
      }
    });
  }

  /** The name by which libvirt finds a NIC to limit: of two with one MAC address it would take the first. */
  async #device(action: string, key: string, half: Half, nic: GuestNic | undefined): Promise<string> {
    if (nic?.target !== undefined) return nic.target;
    const mac = nic?.mac ?? key;
    const isUnsure = half === 'config' && key.toLowerCase() !== mac;
    if (isUnsure && (await this.#listOf(half)).filter((each) => each.mac === mac).length > 1)
      throw oneOfTwo({ action, object: this.#object(`NIC ${key}`) }, mac);
    return mac;
  }

  /**
   * Has the switches that a NIC is plugged into learn where it is, by frames that the hypervisor sends in its guest's
   * name: after a change of the network that the guest cannot see. All of its NICs without a name. Since libvirt 12.5.0.
   *
   * ```ts
   * await domain.nics.announce('vnet0', { rounds: 3, initial: 100 });
   * ```
   *
   * @throws LibvirtError `DEVICE_MISSING` when there is no such NIC, `OPERATION_INVALID` when the guest does not run,
   *   `FUNCTION_MISSING` when libvirt is older.
   * @throws RangeError for a number that cannot be: `rounds: …`.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainAnnounceInterface
   */
  async announce(nic?: string, options: AnnounceOptions = {}): Promise<void> {
    const key = nic === undefined ? undefined : checkedName(nic);
    const parameters = announceParameters(options, '');
    const found = key && (await this.#locate('announce', key, { live: true, config: false })).live;
    const device = found ? (found.target ?? found.mac) : null;
    await this.#ask(`announce ${key ? `NIC ${key}` : 'the NICs'} of`, (functions, handle) =>
      functions.virDomainAnnounceInterface(handle, device, parameters, 0),
    );
  }

  /** Asks the guest to let go of a NIC; gives what waits for its answer. */
  async #startRemoval(
    key: string,
    { alias = '' }: GuestNic,
    signal: AbortSignal,
  ): Promise<() => Promise<Removal>> {
    const { ready, outcome } = watchRemoval(this.#domain, alias, signal);
    await ready;
    try {
      await this.#half(`detach NIC ${key} of`, 'live', [], (functions, handle, flags) =>
        functions.virDomainDetachDeviceAlias(handle, alias, flags),
      );
    } catch (error) {
      // It was asked before, and has not answered yet; or it has let go of it, or ended, meanwhile.
      const asked = error instanceof LibvirtError && /in the process of unplug/.test(error.message);
      if (!asked && (await this.#isThere()) && (await this.#hasLive(alias).catch(() => true))) throw error;
    }
    return (await this.#hasLive(alias).catch(() => false)) ? () => outcome : async () => 'removed';
  }

  async #hasLive(alias: string): Promise<boolean> {
    return (await this.#listOf('live')).some((each) => each.alias === alias);
  }

  #detachFromConfig(key: string, { document }: GuestNic, done: Half[]): Promise<void> {
    return this.#half(`detach NIC ${key} of`, 'config', done, (functions, handle, flags) =>
      functions.virDomainDetachDeviceFlags(handle, toXML(document), flags),
    );
  }

  /** One half of a change; `done` has the halves that were changed before, and gets this one. */
  async #half(
    action: string,
    half: Half,
    done: Half[],
    call: (functions: Functions, handle: DomainHandle, flags: number) => Promise<void>,
  ): Promise<void> {
    try {
      await this.#ask(action, (functions, handle) => call(functions, handle, flagsOf([half])));
    } catch (error) {
      throw withDone(error, done);
    }
    done.push(half);
  }

  /** The NIC in each half that is to be changed: where it is, or where it is said to be. */
  async #locate(action: string, key: string, affect: Affect): Promise<Halves> {
    const asked = { action, domain: this.#domain.name };
    const [active, persistent] = await Promise.all([this.#domain.isActive(), this.#domain.isPersistent()]);
    if (affect.live && !active) throw notRunning(asked, key, affect);
    const [live, config] = await Promise.all([
      active ? this.#listOf('live') : undefined,
      persistent || affect.config ? this.#listOf('config') : undefined,
    ]);
    return locate(asked, { ...(live && { live }), ...(config && { config }) }, key, affect);
  }

  #listOf(half: Half): Promise<readonly GuestNic[]> {
    return this.list({ inactive: half === 'config' });
  }

  /** Whether the guest runs; true also when nobody can tell. */
  async #isThere(): Promise<boolean> {
    try {
      return await this.#domain.isActive();
    } catch (error) {
      return !(error instanceof LibvirtError && error.code === 'NO_DOMAIN');
    }
  }

  /** The halves that have a NIC of this MAC address; undefined when they cannot be asked. */
  async #having(mac: string, wanted: readonly Half[]): Promise<Half[] | undefined> {
    try {
      const lists = await Promise.all(wanted.map((half) => this.#listOf(half)));
      return wanted.filter((_, i) => lists[i]?.some((each) => each.mac === mac));
    } catch {
      return undefined;
    }
  }

  /** An update reads the whole document of a NIC and writes it: of two at a time one would be lost. */
  #oneAfterAnother<T>(change: () => Promise<T>): Promise<T> {
    return this.#domain.connection.changes.run(`domain ${this.#domain.uuid}`, change);
  }

  #object(nic: string): string {
    return `${nic} of domain '${this.#domain.name}'`;
  }
}

/** What runs comes first: it is what may be refused. */
function present(found: Halves): (readonly [Half, GuestNic])[] {
  return (['live', 'config'] as const).flatMap((half) => {
    const nic = found[half];
    return nic ? [[half, nic] as const] : [];
  });
}
