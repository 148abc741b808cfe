// `npm run test:newer-node`: the tests that a newer Node.js could break, on the newest release of a major version that
// NODE_MAJOR names, 26 if it names none. The addon is the one that is built for the Node.js at hand, as users of a prebuilt one
// have it. With `--project NAME` those of other folders.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { newerNode, unpackNewerNode } from './setup/newer-node.mjs';
import { ROOT, step } from './setup/step.mjs';

const NEWEST = '26';
const PROJECTS = ['unit', 'driver', 'host', 'life'];

const major = process.env.NODE_MAJOR ?? NEWEST;
if (newerNode(major) === undefined)
  await step('Node.js', `${major} to .cache/node-${major}`, () => unpackNewerNode(major));
const bin = newerNode(major);

const words = process.argv.slice(2);
const projects = words.includes('--project') ? [] : PROJECTS.flatMap((name) => ['--project', name]);
const tests = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...projects, ...words];
const { status } = spawnSync(join(bin, 'node'), tests, {
  cwd: ROOT,
  env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
  stdio: 'inherit',
});
process.exit(status ?? 1);
