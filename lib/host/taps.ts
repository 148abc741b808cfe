// host.taps: TUN/TAP devices that stay when nobody has them open, as `ip tuntap` and `tunctl` make them. To read and
// write frames, attach to one with Tap.open or Tun.open.
import { present } from '../build/present.js';
import { flag, record } from '../build/reader.js';
import { addon } from '../native/addon.js';
import type { MadeTun, TunRequest } from '../native/kernel.js';
import { allLinks } from './all-links.js';
import { checking } from './checking.js';
import { describe, deviceAsked } from './device-argument.js';
import { explain, KernelError } from './error.js';
import { type LinkOf, lookUp, notOf } from './link.js';
import { deleteLink, type LinkChanges, setLink } from './link-changes.js';
import { linkRows } from './netlink/link.js';
import { device, deviceName, named, ranged, u8, u32 } from './netlink/types.js';
import { carryOut, takingBack } from './operation.js';
import type { HostProcess } from './process.js';
import { type Rtnetlink, refuse } from './rtnetlink.js';
import { tapProcesses } from './tap-processes.js';

const EINVAL = 22;
const modes = { tap: 2, tun: 3 } as const;

/** What a tap is told when it is made, whatever its name. */
export interface NewTapSettings
  extends Pick<LinkChanges, 'mac' | 'mtu' | 'master' | 'alias' | 'group' | 'txQueueLength' | 'up'> {
  /** Ethernet frames (`tap`, if not given) or IP packets (`tun`). */
  mode?: 'tap' | 'tun';
  /** The number of the user who may open it without privileges. */
  owner?: number;
  /** The number of the group of users who may. */
  users?: number;
  /** Whether it can be opened more than once, for a queue each. */
  multiQueue?: boolean;
  /** Whether frames come with a virtio-net header. */
  vnetHeader?: boolean;
  /** Whether packets come with packet information, `tun` only. */
  packetInformation?: boolean;
}

/** A tap to be made. */
export interface NewTap extends NewTapSettings {
  /** Its name, up to 15 bytes; without one, or with a pattern such as `vnet%d`, the kernel takes the next free one. */
  name?: string;
}

/** A tap or tun. */
export type TapLink = LinkOf<'tun'>;

const id = ranged(u32, 0, 0xfffffffe).input;
const fields = record<NewTap>()(
  'a tap',
  {
    name: deviceName.input,
    mode: named(u8, modes).input,
    owner: id,
    users: id,
    multiQueue: flag,
    vnetHeader: flag,
    packetInformation: flag,
    mac: linkRows.mac.type.input,
    mtu: linkRows.mtu.type.input,
    master: linkRows.master.type.input,
    alias: linkRows.alias.type.input,
    group: linkRows.group.type.input,
    txQueueLength: linkRows.txQueueLength.type.input,
    up: flag,
  },
  {
    persist: 'it always stays until it is deleted; Tap.open makes one that does not',
    user: 'the user who may open it is the owner, a number',
  },
);

/** What is asked of /dev/net/tun, and what of the link that it makes. */
function read(options: NewTap) {
  const {
    name,
    mode = 'tap',
    owner,
    users,
    multiQueue,
    vnetHeader,
    packetInformation,
    ...settings
  } = fields(options, '');
  if (packetInformation && mode === 'tap')
    throw new TypeError('packetInformation: a frame of a tap says its protocol itself');
  const request: Omit<TunRequest, 'name' | 'persist'> = {
    layer: modes[mode],
    existing: false,
    queues: 1,
    ...present({ owner, group: users, multiQueue, virtioHeader: vnetHeader, packetInformation }),
  };
  return { name: name ?? `${mode}%d`, request, settings: settings as LinkChanges, mode };
}

const creating = (name: string, mode: string) => ({
  action: 'create',
  object: describe(name, mode),
  device: name,
});

const checkedTap = (options: NewTap) =>
  checking(
    () => creating(options.name ?? 'tap%d', options.mode ?? 'tap'),
    'TUNSETIFF',
    () => read(options),
  );

const deleteTaps = (kernel: Rtnetlink, made: readonly MadeTun[]): Promise<void> =>
  carryOut(
    kernel,
    made.map(([name]) => deleteLink(name)),
  );

/** TUN/TAP devices that stay, as `ip tuntap` and `tunctl` show and change them. */
export class Taps {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /**
   * All taps and tuns, those that somebody has open too; `ip tuntap list`.
   *
   * ```ts
   * for (const { name, options } of await host.taps.list()) console.log(name, options.mode, options.owner);
   * ```
   */
  async list(): Promise<TapLink[]> {
    return (await allLinks(this.#kernel)).filter((link): link is TapLink => link.kind === 'tun');
  }

  /**
   * Which processes have taps open, by the names of the taps; `ip -details tuntap list`. What a tap is called is all that
   * the kernel says (`iff:` in /proc/PID/fdinfo, proc(5)): a tap of the same name in another network namespace counts too.
   * Of other users' processes only root learns.
   *
   * ```ts
   * for (const { pid, command } of (await host.taps.processes()).get('vnet0') ?? []) console.log(pid, command);
   * // 4711 qemu-system-x86
   * ```
   *
   * Rejects when there is no /proc.
   */
  processes(): Promise<Map<string, HostProcess[]>> {
    return tapProcesses();
  }

  /**
   * Makes a tap that stays until it is deleted; `ip tuntap add`, `tunctl -t NAME -u USER`.
   *
   * @throws KernelError with code `EBUSY` when the name is taken, by whatever link, `ENOENT` when there is no
   *   /dev/net/tun, `EPERM` without CAP_NET_ADMIN. No tap has been made then.
   *
   * ```ts
   * await host.taps.create({ name: 'tap0', owner: 1000, master: 'br0', up: true });
   * ```
   */
  async create(options: NewTap = {}): Promise<TapLink> {
    const { name, request, settings, mode } = checkedTap(options);
    const [[made] = ['']] = await this.#make(request, [name], mode);
    try {
      if (Object.keys(settings).length > 0)
        await carryOut(this.#kernel, [setLink(made, settings, 'create', mode)]);
      return (await lookUp(this.#kernel, made)) as TapLink;
    } catch (error) {
      return takingBack(this.#kernel, error, (kernel) => kernel.ask(deleteLink(made, mode)));
    }
  }

  /**
   * Makes many taps with the same settings, all or none, in far fewer calls than one by one.
   *
   * @throws as {@link create} does; there is none of them then.
   *
   * ```ts
   * await host.taps.createAll(['tap0', 'tap1', 'tap2'], { master: 'br0', up: true });
   * ```
   */
  async createAll(names: readonly string[], options: NewTapSettings = {}): Promise<void> {
    if (!Array.isArray(names)) throw new TypeError('names: not a list');
    const { request, settings, mode } = checkedTap(options);
    const wanted = names.map((name: string, i) =>
      checking(
        () => creating(name, mode),
        'TUNSETIFF',
        () => device.input(deviceName.input(name, `names[${i}]`), `names[${i}]`),
      ),
    );
    if (wanted.length === 0) return;
    const made = await this.#make(request, wanted, mode);
    if (Object.keys(settings).length === 0) return;
    try {
      // They go when one of them cannot be set, so that nothing has to be restored.
      const changes = made.map(([name]) => setLink(name, settings, 'create', mode));
      for (const [i, outcome] of (await this.#kernel.send(changes, made)).entries()) {
        const change = changes[i];
        if (change) refuse(outcome, change.asked, change.request);
      }
    } catch (error) {
      await takingBack(this.#kernel, error, (kernel) => deleteTaps(kernel, made));
    }
  }

  /** Makes taps of these names, all or none. */
  async #make(
    request: Omit<TunRequest, 'name' | 'persist'>,
    names: readonly string[],
    mode: keyof typeof modes,
  ): Promise<readonly MadeTun[]> {
    this.#kernel.refuseClosed(creating(names[0] as string, mode));
    const { made, failure } = await addon()
      .kernel.makeTuns({ ...request, netns: this.#kernel.netns }, names)
      .catch((rejection: unknown) => ({ made: [], failure: rejection }));
    if (failure === undefined) return made;
    const error = explain(creating(names[made.length] as string, mode), failure);
    return takingBack(this.#kernel, error, (kernel) => deleteTaps(kernel, made));
  }

  /**
   * Deletes a tap or tun, also when somebody has it open; `ip tuntap del`, `tunctl -d NAME`. Many at once are faster by
   * `host.links.deleteAll`.
   *
   * @throws KernelError with code `ENODEV` when there is none, `EINVAL` when the link is something else.
   */
  async delete(name: string): Promise<void> {
    deviceAsked('delete', name, 'tap');
    const found = await lookUp(this.#kernel, name);
    const deletion = deleteLink(name, 'tap');
    if (found && found.kind !== 'tun') {
      const detail = notOf(found, 'tap');
      throw new KernelError(deletion.asked, { errno: EINVAL, call: 'RTM_DELLINK', detail });
    }
    await this.#kernel.ask(deletion);
  }
}
