// Changes of a network's parts, worked out on the description of each half: what runs and the configuration need not
// have the same.
import { LibvirtError } from '../../errors.js';
import type { NetworkDocument } from '../../xml/index.js';
import { type Affect, type Half, halves } from '../affect.js';
import { withDone } from '../done.js';
import type { Network } from '../network.js';
import { type Step, updateArguments } from '../network-update.js';

/** What is to be done, in this order. */
export interface Plan {
  readonly steps: readonly Step[];
}

/** Works out what is to be done to one half, of its description. */
export type Planner<P extends Plan> = (document: NetworkDocument, half: Half) => P;

/** A plan for the halves of the network that it is for. */
interface Change<P> {
  readonly affected: readonly Half[];
  readonly plan: P;
}

/** How often a change is worked out anew that others were faster with. */
const TRIES = 5;

/**
 * Changes some halves of a network as a planner says, the configuration first. Where libvirt refuses a step because of
 * what somebody else did meanwhile, which `overtaken` tells, all is looked at and planned once more.
 *
 * Resolves to the plans of which something was done, and those that were there last.
 */
export async function changeParts<P extends Plan>(
  network: Network,
  affect: Affect,
  planner: Planner<P>,
  overtaken: (error: LibvirtError) => boolean = () => false,
): Promise<P[]> {
  const begun: P[] = [];
  const done = new Set<Half>();
  for (let left = TRIES - 1; ; left--) {
    const changes = await planHalves(network, affect, planner).catch((error: unknown) => {
      throw done.size === 0 ? error : withDone(error, [...done]);
    });
    try {
      for (const { affected, plan } of changes) {
        for (const step of plan.steps) {
          await network.send(step, affected);
          begun.push(plan);
        }
        if (plan.steps.length > 0) for (const half of affected) done.add(half);
      }
      return [...begun, ...changes.map(({ plan }) => plan)];
    } catch (error) {
      if (left === 0 || !(error instanceof LibvirtError && overtaken(error)))
        throw withDone(error, [...done]);
    }
  }
}

/** What is to be done to each half; to both at once where it is the same, as libvirt does both or none then. */
async function planHalves<P extends Plan>(
  network: Network,
  affect: Affect,
  planner: Planner<P>,
): Promise<Change<P>[]> {
  // The configuration comes first: what libvirt keeps is the harder part.
  const wanted = (await halves(network, affect)).reverse();
  const changes = await Promise.all(
    wanted.map(async (half) => ({
      affected: [half],
      plan: planner(await describeHalf(network, half), half),
    })),
  );
  const [first, second] = changes;
  if (!first || !second || told(first.plan) !== told(second.plan)) return changes;
  return [{ affected: wanted, plan: first.plan }];
}

/** What libvirt is told. */
const told = ({ steps }: Plan): string => JSON.stringify(steps.map(updateArguments));

/** The description of one half of a network: what runs, or the configuration. */
export async function describeHalf(network: Network, half: Half): Promise<NetworkDocument> {
  if (half === 'live') return network.describe();
  try {
    return await network.describe({ inactive: true });
  } catch (error) {
    // The test driver has one description only, and does not know the flag.
    if (error instanceof LibvirtError && error.code === 'INVALID_ARG') return network.describe();
    throw error;
  }
}
