// How the process, or a worker, ends in the middle of things: at once, with nothing on stderr, with nothing left.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../lab/have.js';
import { type SilentPeer, startSilentPeer } from '../lab/silent-peer.js';
import { type TestNode, writeTestNode } from '../lab/test-node.js';
import { pass } from './run.js';

const URI = 'test:///default';
const ways = {
  atOnce: 'right after 64 calls were made',
  inReaction: 'in the reaction to one of 64 calls',
  inListener: "in an event's listener",
  inException: 'in the handler of an uncaught exception',
  withoutClosing: 'at its natural end, with a connection open',
  whileAsked: "in a question's listener",
  whileAskedAndSilent: 'while a question has no answer',
  whileHanging: 'while eight opens hang on a silent peer',
};

describeWith(['native', 'libvirt'], 'in the middle of things', () => {
  let silent: SilentPeer;
  let asking: TestNode;
  beforeAll(async () => {
    silent = await startSilentPeer();
    asking = writeTestNode({ user: { name: 'somebody', password: 'secret' } });
  });
  afterAll(async () => {
    await silent?.stop();
    asking?.[Symbol.dispose]();
  });

  const uriFor = (what: string) => {
    if (what === 'whileHanging' || what === 'hanging') return silent.unixUri;
    return what.startsWith('whileAsked') || what === 'question' ? asking.uri : URI;
  };

  it.each(Object.entries(ways))('a process exits (%s: %s)', async (way) => {
    let slowest = 0;
    for (let i = 0; i < 5; i++) {
      const { facts, at } = await pass('exit.cjs', [way, uriFor(way)], { code: 7 });
      slowest = Math.max(slowest, at - Number(facts.leaving));
    }
    console.log(`exit ${way}: gone ${slowest} ms after it was asked to`);
  });

  it.each([
    ['calls', 60],
    ['lookups', 50],
    ['opens', 50],
    ['events', 40],
    ['question', 20],
    ['hanging', 3],
  ])('workers are terminated (%s, %i times)', async (what, times) => {
    const { facts } = await pass('terminate.cjs', [what, String(times), uriFor(what)]);
    // A worker's heap alone is 4 MB: not one of them may be there still.
    expect(facts.grown).toBeLessThan(100);
  });
});
