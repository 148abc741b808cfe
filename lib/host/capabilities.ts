// host.capabilities: what this machine can do, and what to do where it cannot. Nothing is changed or loaded to find
// out.
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { linkMessage } from './netlink/info.js';
import { kindTables, type LinkKind, moduleOf } from './netlink/kinds.js';
import { NLM } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import type { Rtnetlink } from './rtnetlink.js';

/** Whether something is there, and how to get it where it is not. */
export interface Capability {
  /** undefined: that could not be found out, see `how`. */
  readonly available: boolean | undefined;
  /** What to do when it is not available. */
  readonly how?: string;
}

/** What this machine can do. */
export interface Capabilities {
  /** Whether this process may change the network (CAP_NET_ADMIN). */
  readonly netAdmin: Capability;
  /** Whether this process may enter other network namespaces (CAP_SYS_ADMIN). */
  readonly sysAdmin: Capability;
  /** Whether TUN/TAP devices can be opened (/dev/net/tun). */
  readonly tun: Capability;
  /** Whether this process may load eBPF programs, as those of a tap: CAP_BPF (CAP_SYS_ADMIN before Linux 5.8), or a system that lets anybody. */
  readonly ebpf: Capability;
  /** Which kinds of links the kernel has, built in or as modules. */
  readonly kinds: Readonly<Record<LinkKind, Capability>>;
}

const HERE: Capability = Object.freeze({ available: true });
const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;
const CAP_BPF = 39n;
/** Number 200 of the major number 10, as mknod has it. */
const TUN_DEVICE = (10 << 8) | 200;
const EPERM = 1;
const EOPNOTSUPP = 95;

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function privilege(bit: bigint, name: string): Capability {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readIfThere('/proc/self/status'))?.[1];
  if (mask === undefined) return { available: undefined, how: 'mount /proc, which tells it' };
  if (((BigInt(`0x${mask}`) >> bit) & 1n) === 1n) return HERE;
  const short = name.toLowerCase();
  return {
    available: false,
    how: `run as root, or give node ${name}: setcap ${short}+ep $(command -v node)`,
  };
}

function tunDevice(): Capability {
  const path = '/dev/net/tun';
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    const file = statSync(path);
    if (file.isCharacterDevice() && file.rdev === TUN_DEVICE) return HERE;
    return { available: false, how: `it is another file: rm ${path} && mknod -m 666 ${path} c 10 200` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? {
          available: false,
          how: 'modprobe tun; in a container, pass the device on (--device /dev/net/tun), or make it: mkdir -p /dev/net && mknod -m 666 /dev/net/tun c 10 200',
        }
      : {
          available: false,
          how: `chmod 666 ${path}, which is its usual mode: TUNSETIFF asks for privileges itself`,
        };
  }
}

/** In which user namespace the process is: in any but the first, whose map this is, the kernel heeds no CAP_BPF. */
const FIRST_USERS = /^\s*0\s+0\s+4294967295\s*$/;

function ebpf(): Capability {
  const sysctl = '/proc/sys/kernel/unprivileged_bpf_disabled';
  if (!existsSync('/proc/sys/kernel')) return { available: undefined, how: 'mount /proc, which tells it' };
  const disabled = readIfThere(sysctl).trim();
  if (disabled === '0') return HERE;
  if (disabled === '')
    return {
      available: false,
      how: `this kernel (${release()}) has no eBPF (CONFIG_BPF_SYSCALL): install one that has (Debian: linux-image-amd64); tap.set({ filter }) takes a classic program`,
    };
  const own = privilege(CAP_BPF, 'CAP_BPF');
  const isAllowed = own.available || privilege(CAP_SYS_ADMIN, 'CAP_SYS_ADMIN').available;
  if (!isAllowed) return own;
  if (FIRST_USERS.test(readIfThere('/proc/self/uid_map'))) return HERE;
  return {
    available: false,
    how: 'root of a user namespace, as in a container without root, may load none: load the program outside, and hand its descriptor on',
  };
}

/** The name of a module in a path of modules.dep or modules.builtin. */
const moduleNames = (text: string): Set<string> =>
  new Set(
    Array.from(text.matchAll(/([^/\s]+)\.ko[.\w]*(?=:|$)/gm), ([, name = '']) => name.replaceAll('-', '_')),
  );

/** What is installed for the kernel that runs. */
function modules() {
  const folder = `/lib/modules/${release()}`;
  const builtIn = moduleNames(readIfThere(`${folder}/modules.builtin`));
  const loadable = moduleNames(readIfThere(`${folder}/modules.dep`).replaceAll(/:.*$/gm, ':'));
  return { installed: existsSync(folder), builtIn, loadable };
}

/**
 * Asks for a link of the kind that cannot be: with more queues than any can have, which is refused before anything is
 * made, but after the kind was looked for.
 */
async function kernelHas(kernel: Rtnetlink, kind: string): Promise<boolean | undefined> {
  const TOO_MANY = 5000;
  const [outcome] = await kernel.send([
    {
      asked: { action: 'look for', object: `links of kind ${kind}` },
      request: RTM.NEWLINK,
      write: () =>
        linkMessage.write({
          type: RTM.NEWLINK,
          flags: NLM.create | NLM.exclusive,
          attributes: { name: 'virtnet-probe', txQueues: TOO_MANY, info: { kind } },
        }),
    },
  ]);
  const errno = outcome?.ending.errno;
  return errno === EPERM ? undefined : errno !== EOPNOTSUPP;
}

/** What this machine can do. */
export async function capabilities(kernel: Rtnetlink): Promise<Capabilities> {
  const { installed, builtIn, loadable } = modules();
  const kindOf = async (kind: string): Promise<Capability> => {
    const module = moduleOf[kind] ?? kind;
    // rtnetlink makes none of this kind: asked for one, it says that there is no such kind.
    if (kind === 'tun' && /^\s*\d+ tun$/m.test(readIfThere('/proc/misc'))) return HERE;
    if (existsSync(`/sys/module/${module}`) || builtIn.has(module) || loadable.has(module)) return HERE;
    // Where modules are installed, asking would load one.
    const has = installed ? false : await kernelHas(kernel, kind);
    if (has) return HERE;
    return has === undefined
      ? { available: has, how: 'run as root: the kernel tells it only those who have CAP_NET_ADMIN' }
      : {
          available: has,
          how: `this kernel (${release()}) has no module ${module}: install one that has (Debian: linux-image-amd64; clouds' kernels leave many out)`,
        };
  };
  const kinds: Partial<Record<LinkKind, Capability>> = {};
  for (const kind of Object.keys(kindTables) as LinkKind[]) kinds[kind] = Object.freeze(await kindOf(kind));
  return Object.freeze({
    netAdmin: privilege(CAP_NET_ADMIN, 'CAP_NET_ADMIN'),
    sysAdmin: privilege(CAP_SYS_ADMIN, 'CAP_SYS_ADMIN'),
    tun: tunDevice(),
    ebpf: ebpf(),
    kinds: Object.freeze(kinds as Record<LinkKind, Capability>),
  });
}
