// Processes of this machine, as /proc tells of them.
import { readdir, readFile } from 'node:fs/promises';

/** A process of this machine. */
export interface HostProcess {
  /** Its number. */
  pid: number;
  /** The name of its program, as ps shows it: up to 15 bytes. */
  command: string;
}

/** What may be gone, or not for us to see, by the time that it is looked at. */
export const orNothing = <T>(sought: Promise<T>, nothing: T): Promise<T> => sought.catch(() => nothing);

/** The folders of all processes. Rejects when there is no /proc. */
export const processFolders = async (): Promise<string[]> =>
  (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((pid) => `/proc/${pid}`);

/** The process of such a folder. */
export const processOf = async (folder: string): Promise<HostProcess> => ({
  pid: Number(folder.slice('/proc/'.length)),
  command: (await orNothing(readFile(`${folder}/comm`, 'utf8'), '')).trimEnd(),
});
