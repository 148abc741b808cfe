// One TCP connection between two places, which never rests: a line there, the same line back, and the next one.

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Namespaces } from '../lab/namespaces.js';

const SERVER = `
  const server = require('node:net').createServer((socket) => {
    socket.setNoDelay(true).pipe(socket);
    socket.on('error', (error) => console.log('error', error.code));
  });
  server.listen(0, process.argv[1], () => console.log('port', server.address().port));
`;

// Answers each line of its input with how many lines have come back, and the longest time in ms that one took.
const CLIENT = `
  const [, host, port] = process.argv;
  let [lines, longest, sent] = [0, 0, 0];
  const socket = require('node:net').connect(Number(port), host).setNoDelay(true);
  const next = () => { sent = performance.now(); socket.write('line ' + lines + '\\n'); };
  socket.once('connect', next);
  for (const end of ['error', 'close'])
    socket.on(end, (error) => { console.log('ended', end, error?.code); process.exit(1); });
  require('node:readline').createInterface(socket).on('line', (line) => {
    if (line !== 'line ' + lines) throw new Error('not what was sent: ' + line);
    longest = Math.max(longest, performance.now() - sent);
    lines++;
    next();
  });
  require('node:readline').createInterface(process.stdin).on('line', () => {
    console.log('lines', lines, Math.round(longest * 10) / 10);
    longest = 0;
  });
`;

/** The first words of what a process prints. */
async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string[]> {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return line.split(' ');
}

export class Talk implements AsyncDisposable {
  readonly #processes: readonly ChildProcessWithoutNullStreams[];
  readonly #answers: AsyncIterator<string>;

  private constructor(server: ChildProcessWithoutNullStreams, client: ChildProcessWithoutNullStreams) {
    this.#processes = [client, server];
    this.#answers = createInterface(client.stdout)[Symbol.asyncIterator]();
  }

  /** Connects `from` with a server of its own at an address of `to`. */
  static async start(to: Namespaces, address: string, from: Namespaces): Promise<Talk> {
    const server = to.spawn(process.execPath, ['-e', SERVER, address]);
    const [, port = ''] = await firstLine(server);
    return new Talk(server, from.spawn(process.execPath, ['-e', CLIENT, address, port]));
  }

  /** How many lines have come back so far, and the longest time that one took since this was asked last. */
  async lines(): Promise<{ lines: number; longest: number }> {
    this.#processes[0]?.stdin.write('\n');
    const { value = 'nothing' } = await this.#answers.next();
    const [word, lines, longest] = value.split(' ');
    if (word !== 'lines') throw new Error(`the connection has not survived: ${value}`);
    return { lines: Number(lines), longest: Number(longest) };
  }

  /** Settles when more lines have come back; with the longest time that one took since this was asked last. */
  async goesOn(more = 100): Promise<number> {
    const start = await this.lines();
    let longest = start.longest;
    for (let now = start; now.lines < start.lines + more; ) {
      now = await this.lines();
      longest = Math.max(longest, now.longest);
    }
    return longest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#processes) {
      if (one.exitCode !== null) continue;
      const ended = once(one, 'exit');
      one.kill();
      await ended;
    }
  }
}
