// Connections that nobody closes (node --expose-gc): each is released, and one warning says so.

import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../../../lib/index.js';

const warnings: string[] = [];
// Instead of the line on stderr that Node prints.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => {
  if (name === 'VirtnetWarning') warnings.push(message);
});

async function forget(uri: string): Promise<void> {
  const connection = await connect(uri);
  await connection.networks.list();
}

for (let i = 0; i < 5; i++) await forget(process.argv[2] as string);
while (warnings.length === 0) {
  globalThis.gc?.();
  await delay(10);
}
for (let i = 0; i < 10; i++) {
  globalThis.gc?.();
  await delay(10);
}
console.log(JSON.stringify({ warnings }));
