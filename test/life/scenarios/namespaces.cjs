// Names of network namespaces at an environment's end: workers terminated while they give and take them, and the
// process ended in the middle of it. To be run in a mount namespace of its own, in which it has a /run of its own.

const { isMainThread, parentPort, threadId, Worker } = require('node:worker_threads');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const { load, say, scenario, threads, until } = require('./common.cjs');
const { kernel } = load();

const FOLDER = '/run/netns';

function ownRun() {
  const [own, before] = ['self', process.ppid].map((who) => fs.readlinkSync(`/proc/${who}/ns/mnt`));
  if (own === before) throw new Error('this is the mount namespace of others');
  // Without the runtime of a sanitizer, which would find fault with it.
  execFileSync('mount', ['-t', 'tmpfs', 'none', '/run'], { env: { PATH: process.env.PATH } });
}

async function nameAgain(which) {
  const path = `${FOLDER}/of-${threadId}-${which}`;
  for (;;) {
    await kernel.nameNamespace(path, which === 0 ? '/proc/self/ns/net' : null);
    await kernel.unnameNamespace(path);
  }
}

/** Those that are left, taken away; how many. */
async function sweep() {
  const names = fs.readdirSync(FOLDER);
  for (const name of names) await kernel.unnameNamespace(`${FOLDER}/${name}`);
  return names.length;
}

if (!isMainThread) {
  for (let i = 0; i < 3; i++) nameAgain(i);
  setTimeout(() => parentPort.postMessage('going'), 5);
} else {
  scenario(async (way, times) => {
    ownRun();
    await kernel.nameNamespace(`${FOLDER}/first`, null);
    if (way === 'exit') {
      for (let i = 0; i < 3; i++) nameAgain(i);
      say({ leaving: true });
      setTimeout(() => process.exit(7), 5);
      return undefined;
    }
    const alone = threads();
    let left = 0;
    for (let i = 0; i < Number(times); i++) {
      const worker = new Worker(__filename);
      await new Promise((going) => worker.once('message', going));
      await worker.terminate();
      // What it had asked for is done to its end.
      await until(() => threads() <= alone + 1);
      left = Math.max(left, await sweep());
    }
    // One for each job that was under way, and the first.
    if (left > 4) throw new Error(`${left} names are left of one worker`);
    return { none: fs.readdirSync(FOLDER).length === 0 };
  });
}
