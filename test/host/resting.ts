// What the kernel is asked to tell of devices that nobody reads.

import { readdirSync, readFileSync } from 'node:fs';

const EPOLLPRI = 2;

function toldOf(fd: string): string {
  try {
    return readFileSync(`/proc/self/fdinfo/${fd}`, 'ascii');
  } catch {
    return ''; // closed meanwhile
  }
}

/** Of how many devices this process is told when they go, although it does not read them: epoll(7) in proc_pid_fdinfo(5). */
export const resting = (): number =>
  readdirSync('/proc/self/fdinfo')
    .flatMap((fd) => [...toldOf(fd).matchAll(/^tfd:.* events:\s*([0-9a-f]+) /gm)])
    .filter(([, events = '0']) => Number.parseInt(events, 16) & EPOLLPRI).length;
