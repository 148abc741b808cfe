// Calls on one libvirtd, in interleaved rounds: virtnet, libvirt-python and a C loop take turns, so that
// what else the machine does disturbs all of them alike.
import { compared, type Figure, median } from '../figure.js';
import type { Peer } from '../peer.js';
import { openStage } from '../stage.js';

const rounds = 11;

export async function calls(): Promise<Figure[]> {
  await using stage = await openStage();
  const { virtnet, python, c } = stage;

  const pairs = 400;
  const sequential = await interleaved('sequential', pairs, { virtnet, python, c });
  const perPair = (seconds: number) => (seconds / pairs) * 1e6;
  const oneAtATime = {
    bench: 'calls',
    figure: 'lookup + xml, one at a time',
    value: perPair(sequential.virtnet),
    unit: 'us',
  };

  const many = 3200;
  const inFlight = await interleaved('inFlight', many, { virtnet, python, c });
  const { python: oneThread } = await interleaved('oneThread', many, { python });
  const perSecond = (seconds: number) => many / seconds;
  const together = {
    bench: 'calls',
    figure: 'xml, 64 in flight',
    value: perSecond(inFlight.virtnet),
    unit: 'calls/s',
  };
  return [
    compared(oneAtATime, 'libvirt-python', perPair(sequential.python), '<= 1.3'),
    compared(oneAtATime, 'C', perPair(sequential.c)),
    compared(together, 'libvirt-python, 1 thread', perSecond(oneThread), '>= 2.5'),
    compared(together, 'libvirt-python, 64 threads', perSecond(inFlight.python)),
    compared(together, 'C, 64 threads', perSecond(inFlight.c)),
  ];
}

/** The median seconds of each peer for a task. */
async function interleaved<Name extends string>(
  task: string,
  count: number,
  peers: Record<Name, Peer>,
): Promise<Record<Name, number>> {
  const names = Object.keys(peers) as Name[];
  const seconds = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (const name of names) await peers[name].ask(task, count);
  for (let round = 0; round < rounds; round++)
    for (const name of names) seconds.get(name)?.push(await peers[name].ask(task, count));
  return Object.fromEntries(names.map((name) => [name, median(seconds.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}
