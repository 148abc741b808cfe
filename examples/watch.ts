// Prints every event of networks, of guests and of their NICs, until Ctrl-C.
import { connect, type EventName, LibvirtError } from 'virtnet';
import { commandLine } from './shared/command-line.js';

const { uri } = commandLine('Prints what happens to networks, guests and NICs, until Ctrl-C.', {
  uri: { type: 'string', default: 'qemu:///system', help: 'the libvirt to watch' },
});

const names = [
  'networkLifecycle',
  'networkMetadata',
  'domainLifecycle',
  'domainReboot',
  'domainMetadata',
  'deviceAdded',
  'deviceRemoved',
  'deviceRemovalFailed',
  'tunable',
  'agentLifecycle',
  'nicMacChange',
] as const satisfies readonly EventName[];

await using connection = await connect(uri);
const watched = await Promise.all(names.map(watch));
console.log(`watching ${uri}: ${watched.filter(Boolean).join(', ')}`);
await new Promise((resolve) => {
  process.once('SIGINT', resolve);
  // A loop ends by itself when the daemon does.
  void connection.events.on('closed', resolve);
});

/** Begins to print the events of a name; gives the name unless this libvirt has no such events. */
async function watch(name: (typeof names)[number]): Promise<string | undefined> {
  try {
    await connection.events.on(name, (event) => {
      const { domain, network, ...told } = { domain: undefined, network: undefined, ...event };
      console.log(`${name} ${domain?.name ?? network?.name ?? ''} ${JSON.stringify(told)}`);
    });
    return name;
  } catch (error) {
    const missing = ['FUNCTION_MISSING', 'NO_SUPPORT', 'OPERATION_UNSUPPORTED', 'INVALID_ARG'];
    if (error instanceof LibvirtError && missing.includes(error.code)) return undefined;
    throw error;
  }
}
