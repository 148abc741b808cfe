// Every public function of the areas that are bound has a row or a reason, and every row exists in libvirt.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseVersion } from '../../lib/libvirt/ask.js';
import { addon } from '../../lib/native/addon.js';
import { since } from '../../lib/native/functions.gen.js';
import { describeWith, missing } from '../lab/have.js';
import { readApi } from './generator/libvirt-api.js';
import { areas, unbound } from './unbound.js';

const rows = missing('native') === undefined ? Object.keys(addon().signatures) : [];

describeWith(['native', 'libvirt headers'], 'the functions of libvirt', () => {
  const known = missing('libvirt headers') === undefined ? readApi().functions : new Map();
  const bound = rows;
  const listed = unbound.flatMap(([, functions]) => functions);

  it('are bound or listed with a reason', () => {
    const public_ = [...known.values()]
      .filter(({ module }) => areas.includes(module))
      .map(({ name }) => name);
    expect(public_.filter((name) => !bound.includes(name) && !listed.includes(name))).toEqual([]);
  });

  it('are not both', () => {
    expect(listed.filter((name) => bound.includes(name))).toEqual([]);
    expect(listed.length).toBe(new Set(listed).size);
  });

  it('exist where they are bound or listed', () => {
    expect([...bound, ...listed].filter((name) => !known.has(name))).toEqual([]);
    expect(bound.filter((name) => !areas.includes(known.get(name)?.module ?? ''))).toEqual([]);
  });
});

describeWith(['native', 'libvirt'], 'each row', () => {
  it.each(rows)('%s is in the installed libvirt, or newer', (name) => {
    const [installed] = addon().functions.virGetVersion(null);
    const library = /\S*\/libvirt\.so\.0\S*$/m.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0] ?? '';
    // Among the names of its symbols; reading these takes no tool.
    const isNewer = parseVersion(since[name as keyof typeof since]) > installed;
    expect(readFileSync(library).includes(`\0${name}\0`)).toBe(!isNewer);
  });
});

describe('versions', () => {
  it('are compared as libvirt counts them', () => {
    expect(['0.9.13', '9.7.0', '11.2.0'].map(parseVersion)).toEqual([9_013, 9_007_000, 11_002_000]);
  });
});
