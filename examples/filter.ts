// A network filter: guests that have it send under their own addresses only, and no mail past the host's relay.
import { build, type Connection, connect, toXML } from 'virtnet';
import { commandLine } from './shared/command-line.js';
import { inWords } from './shared/in-words.js';
import { paintXml, table } from './shared/terminal.js';

const { uri } = commandLine('A network filter. With a URI, the filters that there are.', {
  uri: {
    type: 'string',
    help: 'define it there, list all filters, then remove it; the test driver has none',
  },
});

const filter = build.filter({
  name: 'example-no-mail',
  entries: [
    build.include('clean-traffic'),
    build.rule.accept.out.tcp({ dstIp: '192.168.122.1', dstPortStart: 25, priority: 100 }),
    build.rule.drop.out.tcp({ dstPortStart: 25, priority: 200 }),
  ],
});

async function defineAndRemove({ filters, filterBindings }: Connection): Promise<void> {
  const defined = await filters.define(filter);
  try {
    const bindings = await filterBindings.list();
    const rows = (await filters.list()).map(({ name, uuid }) => {
      const ports = bindings.filter(({ filterName }) => filterName === name).map(({ portDev }) => portDev);
      return [name, uuid, ports.join(', ') || '-'];
    });
    console.log(table(['Filter', 'UUID', 'Ports'], rows.sort()));
  } finally {
    await defined.undefine();
  }
}

console.log(`${paintXml(toXML(filter))}\n`);
if (uri !== undefined) {
  await inWords(async () => {
    await using connection = await connect(uri);
    await defineAndRemove(connection);
  });
}
