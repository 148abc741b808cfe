// host.namespaces: network namespaces that have names, as `ip netns` gives them and tells of them.
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { checked } from '../build/reader.js';
import { addon } from '../native/addon.js';
import { checking } from './checking.js';
import { type Asked, explain, explainFile } from './error.js';
import { NAMED, namespacePath, WITHOUT_WAITING } from './namespace-path.js';
import { namespaceIdMessage } from './netlink/namespace-id.js';
import { RTM } from './netlink/numbers.js';
import { ranged, s32, u32 } from './netlink/types.js';
import { type HostProcess, orNothing, processFolders, processOf } from './process.js';
import type { Rtnetlink } from './rtnetlink.js';

const LONGEST = 255;

/** A network namespace that has a name. */
export interface NamedNamespace {
  /** As in `blue`: `host.in(name)` is what is in it. */
  name: string;
  /** Its file, as in `/run/netns/blue`. */
  path: string;
  /**
   * The number by which the namespace that was asked knows it, from 0: `linkNetnsId` of links whose other end is there.
   * It gets one when there is such a link, or by {@link NetworkNamespaces.setId}.
   */
  id?: number;
}

const nameArgument = checked('the name of a network namespace', (text) => {
  if (text === '') return 'is empty';
  if (text === '.' || text === '..' || /[/\0]/.test(text)) return 'cannot be the name of a file';
  if (Buffer.byteLength(text) > LONGEST) return `has more than ${LONGEST} bytes`;
  return undefined;
});
const idArgument = ranged(s32, 0, s32.most).input;
const pidArgument = ranged(u32, 1, 2 ** 22).input;

const about = (action: string, name: string, toward?: string): Asked => ({
  action,
  object: `network namespace '${name}'`,
  toward,
});

/** The file of a name that is to be given, or that somebody has given. */
function fileOf(asked: Asked, name: string, call: string): string {
  return `${NAMED}/${checking(
    () => asked,
    call,
    () => nameArgument(name, 'name'),
  )}`;
}

/** The names that there are, of whatever; none where nobody has given one. */
const fileNames = async (): Promise<string[]> => (await orNothing(readdir(NAMED), [])).sort();

/** The network namespace behind a file: two files are of one when that is the same. */
async function identityOf(path: string): Promise<string> {
  const { dev, ino } = await stat(path);
  return `${dev} ${ino}`;
}

/** The same, of a file that somebody has named. */
const identityAsked = (asked: Asked, path: string): Promise<string> =>
  identityOf(path).catch((error: unknown) => {
    throw explainFile(asked, 'stat', error);
  });

/** Network namespaces that have names, which are files in /run/netns; `ip netns`. */
export class NetworkNamespaces {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /**
   * All that have names, by whomever they were given, in the order of their names; `ip netns list`.
   *
   * ```ts
   * await host.namespaces.list(); // [{ name: 'blue', path: '/run/netns/blue', id: 0 }, …]
   * ```
   */
  async list(): Promise<NamedNamespace[]> {
    const listing = { action: 'list', object: 'network namespaces' };
    this.#kernel.refuseClosed(listing);
    const found: NamedNamespace[] = [];
    for (const name of await fileNames()) {
      const path = `${NAMED}/${name}`;
      // It may be gone by now, or not be ours to open.
      const file = await orNothing(open(path, WITHOUT_WAITING), undefined);
      if (file === undefined) continue;
      try {
        const id = await this.#idOf(file, listing);
        if (id !== undefined) found.push({ name, path, ...(id >= 0 ? { id } : {}) });
      } finally {
        await file.close();
      }
    }
    return found;
  }

  /** -1 when it has none; undefined for a file that is no network namespace. */
  async #idOf({ fd }: FileHandle, asked: Asked): Promise<number | undefined> {
    const request = namespaceIdMessage.write({ type: RTM.GETNSID, attributes: { descriptor: fd } });
    const [outcome] = await this.#kernel.send([{ asked, request: RTM.GETNSID, write: () => request }]);
    const [answer] = outcome?.messages ?? [];
    return answer && namespaceIdMessage.read(answer.payload).attributes.id;
  }

  /**
   * Makes one with nothing in it but a loopback device that is down; `ip netns add`. It stays until {@link delete}, and as
   * long as something is in it.
   *
   * @param name up to 255 bytes, the name of a file.
   * @throws KernelError with code `EEXIST` when the name is taken, `EPERM` or `EACCES` without CAP_SYS_ADMIN.
   *
   * ```ts
   * await host.namespaces.create('blue');
   * await host.links.create({ kind: 'veth', name: 'veth0', options: { peer: { name: 'eth0', netns: 'blue' } } });
   * await using blue = host.in('blue');
   * await blue.links.up('eth0');
   * ```
   */
  async create(name: string): Promise<void> {
    await this.#name(about('create', name), name, null);
  }

  /**
   * Gives one that is there a name; `ip netns attach`.
   *
   * @param netns its file, as in `/proc/PID/ns/net`, or a name that it has already.
   * @throws KernelError with code `EEXIST` when the name is taken, `ENOENT` when there is no such file, `EINVAL` when it is
   *   no network namespace, `EPERM` or `EACCES` without CAP_SYS_ADMIN.
   *
   * ```ts
   * await host.namespaces.attach('web', `/proc/${pid}/ns/net`); // of a container
   * ```
   */
  async attach(name: string, netns: string): Promise<void> {
    const asked = about('name', netns, `'${name}'`);
    const of = checking(
      () => asked,
      'open',
      () => namespacePath(netns, 'netns'),
    );
    await this.#name(asked, name, of);
  }

  #name(asked: Asked, name: string, of: string | null): Promise<void> {
    return this.#change(asked, name, 'open', (path) => addon().kernel.nameNamespace(path, of));
  }

  /** Changes the file of a name by a `call`. */
  async #change(
    asked: Asked,
    name: string,
    call: string,
    change: (path: string) => Promise<void>,
  ): Promise<void> {
    const path = fileOf(asked, name, call);
    this.#kernel.refuseClosed(asked);
    try {
      await change(path);
    } catch (failure) {
      throw explain(asked, failure);
    }
  }

  /**
   * Takes a name away; `ip netns delete`. The namespace goes with all that is in it, unless it has another name, or a
   * process or a socket is in it; physical devices come back to the first namespace.
   *
   * @throws KernelError with code `ENOENT` when there is no such name, `EPERM` without CAP_SYS_ADMIN.
   */
  async delete(name: string): Promise<void> {
    await this.#change(about('delete', name), name, 'umount2', (path) =>
      addon().kernel.unnameNamespace(path),
    );
  }

  /**
   * Gives it the number by which this namespace knows it; `ip netns set`. It stays as long as the namespace.
   *
   * @param id from 0 on.
   * @throws KernelError with code `EEXIST` when it has one already or another one has this, `ENOENT` when there is no such
   *   name.
   */
  async setId(name: string, id: number): Promise<void> {
    const asked = about('number', name);
    const path = fileOf(asked, name, 'open');
    const wanted = checking(
      () => asked,
      RTM.NEWNSID,
      () => idArgument(id, 'id'),
    );
    const file = await open(path, WITHOUT_WAITING).catch((error: unknown) => {
      throw explainFile(asked, 'open', error);
    });
    try {
      const attributes = { id: wanted, descriptor: file.fd };
      const request = namespaceIdMessage.write({ type: RTM.NEWNSID, attributes });
      await this.#kernel.ask({ asked, request: RTM.NEWNSID, write: () => request });
    } finally {
      await file.close();
    }
  }

  /**
   * The processes that are in it; `ip netns pids`. Of other users' processes only root learns.
   *
   * @throws KernelError with code `ENOENT` when there is no such name.
   */
  async processes(name: string): Promise<HostProcess[]> {
    const asked = about('look into', name);
    const wanted = await identityAsked(asked, fileOf(asked, name, 'stat'));
    const inside: HostProcess[] = [];
    for (const folder of await processFolders())
      if ((await orNothing(identityOf(`${folder}/ns/net`), '')) === wanted)
        inside.push(await processOf(folder));
    return inside;
  }

  /**
   * The names of the namespace that a process is in; `ip netns identify`. None where it has no name.
   *
   * @param pid the number of the process; this one if not given.
   * @throws KernelError with code `ENOENT` when there is no such process, `EACCES` when it is another user's.
   */
  async identify(pid: number = process.pid): Promise<string[]> {
    const asked = { action: 'identify', object: `the network namespace of process ${pid}` };
    const number = checking(
      () => asked,
      'stat',
      () => pidArgument(pid, 'pid'),
    );
    const wanted = await identityAsked(asked, `/proc/${number}/ns/net`);
    const names: string[] = [];
    for (const name of await fileNames())
      if ((await orNothing(identityOf(`${NAMED}/${name}`), '')) === wanted) names.push(name);
    return names;
  }
}
