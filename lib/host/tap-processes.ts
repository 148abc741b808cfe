// Which processes have taps open: the kernel says it in /proc alone.
import { readdir, readFile, readlink } from 'node:fs/promises';
import { type HostProcess, orNothing, processFolders, processOf } from './process.js';

/** The taps that a process has open, each once. */
async function tapsOf(folder: string): Promise<Set<string>> {
  const taps = new Set<string>();
  for (const fd of await orNothing(readdir(`${folder}/fd`), [])) {
    const file = await orNothing(readlink(`${folder}/fd/${fd}`), '');
    if (!file.endsWith('/net/tun')) continue;
    const information = await orNothing(readFile(`${folder}/fdinfo/${fd}`, 'utf8'), '');
    const name = /^iff:\t(.+)$/m.exec(information)?.[1];
    if (name !== undefined) taps.add(name);
  }
  return taps;
}

/** By the names of the taps. @internal */
export async function tapProcesses(): Promise<Map<string, HostProcess[]>> {
  const processes = new Map<string, HostProcess[]>();
  for (const folder of await processFolders()) {
    const taps = await tapsOf(folder);
    if (taps.size === 0) continue;
    const process = await processOf(folder);
    for (const tap of taps) processes.set(tap, [...(processes.get(tap) ?? []), process]);
  }
  return processes;
}
