// Which processes have taps open: the kernel says it in /proc alone.
import { readdir, readFile, readlink } from 'node:fs/promises';

/** A process that has a tap or tun open. */
export interface TapProcess {
  /** Its number. */
  pid: number;
  /** The name of its program, as ps shows it: up to 15 bytes. */
  command: string;
}

/** What may be gone, or not for us to see, by the time that it is looked at. */
const orNothing = <T>(sought: Promise<T>, nothing: T): Promise<T> => sought.catch(() => nothing);

/** The taps that a process has open, each once. */
async function tapsOf(pid: string): Promise<Set<string>> {
  const taps = new Set<string>();
  for (const fd of await orNothing(readdir(`/proc/${pid}/fd`), [])) {
    const file = await orNothing(readlink(`/proc/${pid}/fd/${fd}`), '');
    if (!file.endsWith('/net/tun')) continue;
    const information = await orNothing(readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8'), '');
    const name = /^iff:\t(.+)$/m.exec(information)?.[1];
    if (name !== undefined) taps.add(name);
  }
  return taps;
}

/** By the names of the taps. @internal */
export async function tapProcesses(): Promise<Map<string, TapProcess[]>> {
  const processes = new Map<string, TapProcess[]>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const taps = await tapsOf(pid);
    if (taps.size === 0) continue;
    const command = (await orNothing(readFile(`/proc/${pid}/comm`, 'utf8'), '')).trimEnd();
    for (const tap of taps)
      processes.set(tap, [...(processes.get(tap) ?? []), { pid: Number(pid), command }]);
  }
  return processes;
}
