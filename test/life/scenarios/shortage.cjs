// The system gives no thread, or no descriptor: calls reject, and work again when there are some.
// Run with GLIBC_TUNABLES=glibc.pthread.stack_cache_size=0, so that old threads' stacks are not used again.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const { close, load, scenario, threads, until } = require('./common.cjs');
const { functions: f } = load();

const limitAddressSpace = (bytes) =>
  spawnSync('prlimit', ['--pid', String(process.pid), `--as=${bytes}`], { stdio: 'inherit' });
const addressSpace = () =>
  Number(/VmSize:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;

const outcome = (call) =>
  call.then(
    () => 'done',
    ({ reason, message, number }) => `${reason} ${number}: ${message}`,
  );

const shortages = {
  async threads() {
    spawnSync('true'); // what spawning needs is there from now on
    const connections = await Promise.all([1, 2, 3].map(() => f.virConnectOpen('test:///default')));
    const events = await f.virConnectNetworkEventRegisterAny(connections[2], null, 0, () => {});
    const busy = threads();
    await until(() => threads() <= busy - 3); // the idle ones leave
    // Less than a stack.
    limitAddressSpace(`${addressSpace() + 4 * 2 ** 20}:unlimited`);
    const [first, second, third] = connections;
    const outcomes = await Promise.all([
      outcome(f.virConnectGetHostname(first)),
      outcome(f.virConnectGetHostname(second)),
      outcome(f.virConnectNetworkEventRegisterAny(second, null, 0, () => {})),
      outcome(f.virConnectNetworkEventDeregisterAny(third, events)),
    ]);
    limitAddressSpace('unlimited');
    const after = await outcome(f.virConnectGetHostname(second));
    await Promise.all(connections.map(close));
    return { outcomes, after };
  },
  async descriptors() {
    const taken = [];
    try {
      for (;;) taken.push(fs.openSync('/dev/null'));
    } catch {
      // all are
    }
    const without = await outcome(f.virConnectOpen('test:///default'));
    // Enough for the library, too few for an event loop.
    for (const fd of taken.splice(0, 1)) fs.closeSync(fd);
    const few = await outcome(f.virConnectOpen('test:///default'));
    for (const fd of taken) fs.closeSync(fd);

    const connection = await f.virConnectOpen('test:///default');
    let heard;
    const event = new Promise((resolve) => {
      heard = resolve;
    });
    await f.virConnectNetworkEventRegisterAny(connection, null, 0, () => heard());
    const [network] = await f.virConnectListAllNetworks(connection, 0);
    await f.virNetworkDestroy(network);
    await event;
    await close(connection);
    return { without, few };
  },
};

scenario((what) => shortages[what]());
