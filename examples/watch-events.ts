// Says what happens to networks, by whomever: until Ctrl-C with --uri, else for a network made here for the purpose,
// because nobody else can change those of the test driver in this process.
import { build, type Connection, connect } from 'virtnet';
import { commandLine } from './shared/command-line.js';

const { uri } = commandLine('Says when networks are defined, started, stopped and undefined.', {
  uri: { type: 'string', help: 'the libvirt to watch until Ctrl-C' },
});

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

await using connection = await connect(uri ?? 'test:///default');
const events = connection.events.watch('networkLifecycle', { signal: stop.signal });
await events.ready;
if (uri === undefined) await makeAndRemove(connection);
else console.log(`watching ${uri}`);

try {
  for await (const { type, network } of events) {
    console.log(`${network.name} ${type}`);
    if (uri === undefined && type === 'undefined') break;
  }
} catch (error) {
  if (!stop.signal.aborted) throw error;
}

async function makeAndRemove({ networks }: Connection): Promise<void> {
  const network = await networks.define(build.network.isolated({ name: 'example-events' }));
  await network.start();
  await network.destroy();
  await network.undefine();
}
