// `npm run generate`: writes what a new row or a newer libvirt changes in lib/native/*.gen.ts.
import { writeFileSync } from 'node:fs';
import { generated } from './generated.js';

for (const { path, text } of generated()) {
  writeFileSync(path, text);
  console.log(`wrote ${path.pathname.split('/').slice(-3).join('/')}`);
}
