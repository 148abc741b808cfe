// Checks the C++ below native/: clang-format for its layout, clang-tidy for the rest. `--write` lays it out
// instead of checking, and leaves clang-tidy out.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isHere } from './setup/probe.mjs';
import { CACHE, CommandFailed, ROOT, run } from './setup/step.mjs';

const FORMAT = 'clang-format-19';
const TIDY = 'clang-tidy-19';
const COMMANDS = join(CACHE, 'tidy');
const FAULT = /: (?:warning|error): /;

const sources = readdirSync(join(ROOT, 'native'), { recursive: true })
  .filter((name) => /\.[ch]pp$/.test(name))
  .map((name) => join('native', name))
  .sort();

if (process.argv.includes('--write')) {
  demand(FORMAT);
  format('-i');
} else {
  demand(FORMAT, TIDY, 'cmake');
  process.exitCode = Number(!format('--dry-run', '--Werror')) | Number(!(await tidy()));
}

/** Without a tool nothing is checked, which is no success. */
function demand(...tools) {
  const lacking = tools.filter((tool) => !isHere(tool));
  if (lacking.length === 0) return;
  console.error(
    `native/ is not checked for want of ${lacking.join(', ')}: apt-get install ${lacking.join(' ')}`,
  );
  process.exit(1);
}

function format(...options) {
  try {
    execFileSync(FORMAT, [...options, ...sources], { cwd: ROOT, stdio: 'inherit' });
    return true;
  } catch {
    return false;
  }
}

/** With the commands that CMake would compile with, as many files at a time as there are processors. */
async function tidy() {
  const cmakeJs = dirname(createRequire(join(ROOT, 'package.json')).resolve('cmake-js/package.json'));
  try {
    await run([process.execPath, join(cmakeJs, 'bin/cmake-js'), 'configure', `--out=${COMMANDS}`]);
  } catch (error) {
    if (error instanceof CommandFailed) console.error(error.log);
    throw error;
  }
  const waiting = sources.filter((source) => source.endsWith('.cpp'));
  const findings = new Set();
  let clean = true;
  const worker = async () => {
    for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
      const child = spawn(TIDY, ['-p', COMMANDS, '--quiet', source], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const [report, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      clean &&= code === 0;
      for (const finding of split(report)) findings.add(finding);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  for (const finding of findings) console.error(finding);
  return clean;
}

/** One string a finding, so that one in a header is told once and not once a file that includes it. */
function split(report) {
  const findings = [];
  for (const line of report.replaceAll('/tables/../', '/').trimEnd().split('\n')) {
    if (FAULT.test(line)) findings.push(line);
    else if (findings.length > 0) findings[findings.length - 1] += `\n${line}`;
  }
  return findings;
}
