// One network of every mode: defined, started, listed, changed, removed. On libvirt's test driver, which lives in
// this process and touches nothing else, or with --uri on a real libvirt.
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { type Connection, connect, LibvirtError, type Network } from 'virtnet';
import { commandLine } from './shared/command-line.js';
import { networkTable } from './shared/network-table.js';
import { planNetworks } from './shared/one-of-every-mode.js';
import { bold, difference, dim, green, paintXml, red } from './shared/terminal.js';

const options = commandLine('Defines, starts, lists, changes and removes one network of every mode.', {
  uri: { type: 'string', help: 'the libvirt to do it on', default: 'test:///default' },
  bridge: { type: 'string', help: 'a Linux bridge there', default: 'br0' },
  openvswitch: { type: 'string', help: 'an Open vSwitch bridge there', default: 'ovsbr0' },
  dev: { type: 'string', help: 'a network device there', default: 'eth0' },
  pf: { type: 'string', help: 'a device with virtual functions (SR-IOV) there', default: 'eth0' },
  keep: { type: 'boolean', help: 'remove the networks only when Ctrl-C is pressed' },
});

/** Aborted by Ctrl-C and its like, and when nobody reads on: what was defined is removed then, too. */
const interrupted = new AbortController();
const interrupt = (exitCode: number) => {
  process.exitCode = exitCode;
  interrupted.abort();
};
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => interrupt(128 + constants.signals[signal]));
process.stdout.on('error', () => interrupt(1));

async function quickstart(signal: AbortSignal): Promise<void> {
  await using connection = await connect(options.uri, { signal });
  const [type, version] = await Promise.all([connection.type(), connection.libvirtVersion()]);
  console.log(`${bold(options.uri)}, driver ${type}, libvirt ${version}`);
  if (type === 'TEST') console.log(dim('which lives in this process: nothing else is touched'));

  const networks = new Map<string, Network>();
  try {
    await define(connection, networks, signal);
    await start(networks, signal);
    heading('list');
    console.log(await networkTable(await connection.networks.list()));
    await change(networks.get('nat'), signal);
    if (options.keep) await wait(signal);
  } finally {
    heading('remove');
    await remove(networks);
  }
}

async function define(connection: Connection, networks: Map<string, Network>, signal: AbortSignal) {
  const existing = await Promise.all((await connection.networks.list()).map((network) => network.describe()));
  for (const { mode, about, document } of planNetworks(existing, options)) {
    signal.throwIfAborted();
    const network = await connection.networks.define(document);
    networks.set(mode, network);
    console.log(`\n${bold(network.name)}  ${dim(about)}\n${paintXml(await network.xml())}`);
  }
}

async function start(networks: ReadonlyMap<string, Network>, signal: AbortSignal): Promise<void> {
  heading('start');
  for (const network of networks.values()) {
    signal.throwIfAborted();
    try {
      await network.start();
      console.log(`  ${network.name} ${green('runs')}`);
    } catch (error) {
      console.log(`  ${network.name} ${red('does not run')}: ${reason(error)}`);
    }
  }
}

/** Keeps an address for one guest: in the network that runs, if it does, and in its configuration. */
async function change(network: Network | undefined, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const gateway = (await network?.describe())?.ips?.[0]?.address;
  if (!network || !gateway) return;
  heading(`change ${network.name}: update('add', 'dhcpHost', …)`);
  const before = await network.xml();
  const ip = gateway.replace(/\d+$/, '20');
  await network.update('add', 'dhcpHost', { mac: '52:54:00:77:00:20', name: 'web', ip });
  console.log(difference(before, await network.xml()));
}

async function wait(signal: AbortSignal): Promise<void> {
  console.log(`\n${bold('Ctrl-C removes them.')}`);
  await sleep(2 ** 31 - 1, undefined, { signal }).catch(() => {});
  process.exitCode = 0;
}

/** Removes all that can be removed, and says what is left. */
async function remove(networks: ReadonlyMap<string, Network>): Promise<void> {
  for (const network of networks.values()) {
    try {
      if (await network.isActive()) await network.destroy();
      await network.undefine();
      console.log(`  ${network.name} is gone`);
    } catch (error) {
      process.exitCode = 1;
      console.error(`  ${network.name} ${red('is still there')}: ${reason(error)}`);
    }
  }
}

function heading(text: string): void {
  console.log(`\n${bold(text)}`);
}

/** What can go wrong here; anything else is a mistake in this script. */
function reason(error: unknown): string {
  if (error instanceof LibvirtError || error instanceof RangeError) return error.message.trim();
  return inspect(error);
}

try {
  await quickstart(interrupted.signal);
} catch (error) {
  if (interrupted.signal.aborted) console.error('interrupted');
  else {
    process.exitCode = 1;
    console.error(red(reason(error)));
  }
}
