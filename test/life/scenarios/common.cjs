// What the scenarios share: the addon itself, as VIRTNET_PREBUILD or the build gives it, and a look at what the
// process holds. A scenario is a script for a process of its own; it says what it saw as JSON, in its last line.

const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: delay } = require('node:timers/promises');

const root = path.join(__dirname, '../../..');
const load = () => require('node-gyp-build')(root);

/** At once, so that it is out when the process exits in the same breath. */
function say(facts) {
  fs.writeSync(1, `${JSON.stringify(facts)}\n`);
}

const sockets = () =>
  fs.readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
    } catch {
      return false; // closed meanwhile
    }
  }).length;

/** Those that are calling libvirt, or hanging in a call; idle ones leave by themselves. */
const threads = () => fs.readdirSync('/proc/self/task').length;

const megabytes = () => Math.round(process.memoryUsage().rss / 2 ** 20);

/** Waits for what sends no event; the test that runs the scenario limits how long. */
async function until(holds) {
  while (!holds()) await delay(10);
}

/** VIR_CONNECT_CLOSE_REASON_CLIENT */
const CLIENT = 3;

/** Closing does not keep the process alive: whoever waits for it does. */
async function close(handle) {
  const alive = setInterval(() => {}, 1000);
  try {
    await load().functions.virConnectClose(handle, CLIENT);
  } finally {
    clearInterval(alive);
  }
}

/** Runs to the end and says the result; what it rejects with ends the process with 1. */
function scenario(run) {
  run(...process.argv.slice(2)).then(
    (facts) => facts !== undefined && say(facts),
    (error) => {
      say({ failed: error?.message ?? String(error), error });
      process.exit(1);
    },
  );
}

module.exports = { load, say, sockets, threads, megabytes, until, close, CLIENT, scenario, delay, root };
