// `npm run bench [-- NAME…] [--json]`: measures, prints a table or a JSON object a line.
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { calls } from './benches/calls.js';
import { documents } from './benches/documents.js';
import { forwarding } from './benches/frames/forwarding.js';
import { npm } from './benches/frames/npm.js';
import { frames } from './benches/frames/plain.js';
import { superFrames } from './benches/frames/super-frames.js';
import { links } from './benches/links.js';
import { live } from './benches/live.js';
import { loop } from './benches/loop.js';
import { type Figure, table } from './figure.js';

const benches: Record<string, () => Promise<Figure[]>> = {
  links,
  calls,
  loop,
  documents,
  frames,
  superFrames,
  forwarding,
  npm,
  live,
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`there is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(1);
}

// How a processor copies decides many a figure: those of two machines are not alike.
const processors = cpus();
if (!values.json)
  console.log(
    `${processors.length} x ${processors[0]?.model}, Linux ${release()}, Node.js ${process.version}\n`,
  );

for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const figures = await bench();
  console.log(
    values.json ? figures.map((figure) => JSON.stringify(figure)).join('\n') : `${table(figures)}\n`,
  );
}
