// Waiting for the address of a guest. DHCP servers and ARP tables send no events, so they are asked again; where
// there is an event, it makes the asking sooner.

import { mac as unicastMac } from '../../build/network/mac.js';
import { coded, flag, record, someOf } from '../../build/reader.js';
import { LibvirtError } from '../../errors.js';
import { oneOf } from '../../xml/codec.js';
import { type WaitOptions, waitFields, within } from '../waiting.js';
import type { AskDomain, Domain } from './domain.js';
import { type Following, follow } from './follow.js';
import {
  type AddressSource,
  type Answer,
  addressSources,
  askSource,
  type GuestAddress,
  isReachable,
} from './guest-address.js';
import type { GuestNic } from './guest-nic.js';
import { noNic } from './nic-names.js';

/** Which addresses to look for, and whom to ask. */
export interface AddressOptions {
  /** Those of the NIC with this MAC address; of all its NICs, if not given. */
  mac?: string;
  /** Of one family; of both, if not given. */
  family?: 'ipv4' | 'ipv6';
  /** Whom to ask, at least one; all, if not given. */
  sources?: readonly AddressSource[];
}

/** Which addresses to list. */
export interface ListAddressesOptions extends AddressOptions {
  /** Also those that only the guest itself or its link can use, such as `127.0.0.1` and `fe80::…`. */
  local?: boolean;
}

/** Which address to wait for, and how long. */
export interface WaitForAddressOptions extends AddressOptions, WaitOptions {}

const fields = {
  mac: unicastMac,
  family: coded(oneOf('ipv4', 'ipv6')),
  sources: someOf(coded(oneOf(...addressSources))),
};

const readListOptions = record<ListAddressesOptions>()('a question for addresses', {
  ...fields,
  local: flag,
});
const readWaitOptions = record<WaitForAddressOptions>()('a wait for an address', {
  ...fields,
  ...waitFields,
});

/** How long a guest may take to get an address, in milliseconds. */
const patience = 120_000;
/** How long to wait before asking again: at first, how much longer each time, and at most; in milliseconds. */
const poll = { first: 50, growth: 1.5, most: 1000 } as const;

/** What is known of a guest's addresses at this moment, from whoever answers. */
export async function listAddresses(
  domain: Domain,
  ask: AskDomain,
  options: ListAddressesOptions,
): Promise<readonly GuestAddress[]> {
  const { sources = addressSources, local = false, ...wanted } = readListOptions(options, '');
  const nics = await nicsOf('ask the addresses of', domain, wanted.mac);
  const answers = await Promise.all(sources.map((source) => askSource(source, domain, ask, nics)));
  const found = answers.flatMap(({ addresses }) => addresses).filter((each) => fits(each, wanted));
  return Object.freeze(local ? found : found.filter(isReachable));
}

/** The first address that a guest is known to have. */
export async function waitForAddress(
  domain: Domain,
  ask: AskDomain,
  options: WaitForAddressOptions,
): Promise<GuestAddress> {
  const { sources = addressSources, signal, timeout = patience, ...wanted } = readWaitOptions(options, '');
  const answers = new Map<AddressSource, string>();
  const late = () => notFound(domain, timeout, sources, answers);
  return within({ ...(signal && { signal }), timeout }, late, async (stop) => {
    const wakes = await listen(domain, stop);
    const lookIn = async (source: AddressSource): Promise<GuestAddress> => {
      for (let pause: number = poll.first; ; pause = Math.min(pause * poll.growth, poll.most)) {
        stop.throwIfAborted();
        // Its NICs may change while it is waited for.
        const nics = await nicsOf('wait for an address of', domain, wanted.mac);
        const { addresses, why } = await askPlugged(source, domain, ask, nics);
        const found = addresses.filter((each) => fits(each, wanted) && isReachable(each));
        const best = found.find(({ family }) => family === 'ipv4') ?? found[0];
        if (best) return best;
        answers.set(source, why);
        await wakes.next(pause);
      }
    };
    return Promise.race([wakes.ended, ...sources.map(lookIn)]);
  });
}

/** What a source says of the NICs whose cables are plugged in: the others reach nobody, whatever address they had. */
async function askPlugged(
  source: AddressSource,
  domain: Domain,
  ask: AskDomain,
  nics: readonly GuestNic[],
): Promise<Answer> {
  const plugged = nics.filter(({ link }) => link === 'up');
  if (plugged.length > 0 || nics.length === 0) return askSource(source, domain, ask, plugged);
  return { addresses: [], why: `the cable is out of ${nics.map(({ mac }) => mac).join(', ')}` };
}

async function nicsOf(action: string, domain: Domain, mac: string | undefined): Promise<readonly GuestNic[]> {
  const nics = await domain.nics.list();
  if (mac === undefined) return nics;
  const wanted = nics.filter((nic) => nic.mac === mac);
  if (wanted.length === 0) throw noNic({ action, domain: domain.name, where: 'there' }, nics, mac);
  return wanted;
}

function fits({ family, mac }: GuestAddress, wanted: AddressOptions): boolean {
  return (
    (wanted.family === undefined || wanted.family === family) &&
    (wanted.mac === undefined || wanted.mac === mac)
  );
}

/** What a guest's events say to those who wait for it. */
interface Wakes {
  /** Resolves when there is a reason to ask again, or after so many milliseconds. */
  next(milliseconds: number): Promise<void>;
  /** Rejects when the guest stops, or when the connection ends. */
  ended: Promise<never>;
}

async function listen(domain: Domain, signal: AbortSignal): Promise<Wakes> {
  if (!(await domain.isActive())) throw stopped(domain);
  const sleepers = new Set<() => void>();
  const wake = () => {
    for (const each of [...sleepers]) each();
  };
  signal.addEventListener('abort', wake, { once: true });
  const next = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        sleepers.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      sleepers.add(end);
      if (signal.aborted) end();
    });
  const followings = [
    follow(domain, 'domainLifecycle', signal, ({ type }) => {
      if (type === 'stopped' || type === 'crashed') throw stopped(domain);
    }),
    follow(domain, 'agentLifecycle', signal, wake),
    follow(domain, 'deviceAdded', signal, wake),
  ];
  const heard = await Promise.all(followings.map(isHeard));
  const ends = followings.filter((_, i) => heard[i]).map(({ ended }) => ended);
  return { next, ended: Promise.race(ends) };
}

/** Whether events come at all: not every driver has them, and asking again does without. */
async function isHeard({ ready }: Following): Promise<boolean> {
  try {
    await ready;
    return true;
  } catch (error) {
    const { code } = error instanceof LibvirtError ? error : {};
    if (code === 'NO_SUPPORT' || code === 'OPERATION_UNSUPPORTED') return false;
    throw error;
  }
}

function stopped({ name }: Domain): LibvirtError {
  const object = `domain '${name}'`;
  const hint = 'a guest has addresses while it runs: start() it';
  return new LibvirtError(`cannot wait for an address of ${object}: it does not run (${hint})`, {
    code: 'OPERATION_INVALID',
    object,
    hint,
  });
}

function notFound(
  { name }: Domain,
  timeout: number,
  sources: readonly AddressSource[],
  answers: ReadonlyMap<AddressSource, string>,
): LibvirtError {
  const object = `domain '${name}'`;
  const said = sources.map((source) => `${source}: ${answers.get(source) ?? 'no answer yet'}`).join('; ');
  return new LibvirtError(`cannot learn an address of ${object} within ${timeout / 1000} s: ${said}`, {
    code: 'OPERATION_TIMEOUT',
    function: 'virDomainInterfaceAddresses',
    object,
  });
}
