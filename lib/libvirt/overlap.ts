// A new network must not take addresses or the bridge of another: libvirt finds that out when it is
// started, or not at all.
import { findOverlaps, overlapMessage } from '../build/index.js';
import { LibvirtError } from '../errors.js';
import type { NetworkDocument } from '../xml/index.js';
import type { Network } from './network.js';

/** Rejects with `OVERLAP` when the document and one of the networks cannot both run. */
export async function refuseOverlap(
  action: string,
  document: NetworkDocument,
  networks: Network[],
): Promise<void> {
  const others = await Promise.all(
    networks.filter(({ name, uuid }) => !isSame(document, name, uuid)).map(describe),
  );
  const [first] = findOverlaps(
    document,
    others.filter((other) => other !== undefined),
  );
  if (!first) return;
  const object = `network '${document.name}'`;
  const hint = "choose another address range or bridge, or give { overlap: 'allow' }";
  throw new LibvirtError(`cannot ${action} ${object}: ${overlapMessage(first)} (${hint})`, {
    code: 'OVERLAP',
    object,
    hint,
  });
}

function isSame(document: NetworkDocument, name: string, uuid: string): boolean {
  return document.name === name || document.uuid === uuid;
}

/** A network that is gone meanwhile overlaps with nothing. */
async function describe(network: Network): Promise<NetworkDocument | undefined> {
  try {
    return await network.describe();
  } catch (error) {
    if (error instanceof LibvirtError && error.code === 'NO_NETWORK') return undefined;
    throw error;
  }
}
