// Changes of links: what RTM_NEWLINK and RTM_DELLINK are asked to do, and what takes it back.
import { present } from '../build/present.js';
import { flag, type Reader, record } from '../build/reader.js';
import { checking } from './checking.js';
import { describe, deviceArgument } from './device-argument.js';
import { type Asked, KernelError } from './error.js';
import { goingWithPort } from './leaning.js';
import { type Link, type LinkOf, lookUp, notOf } from './link.js';
import { flagsOf, kindMessage, setMessage } from './link-message.js';
import { undoOfKind, undoOfLink } from './link-undo.js';
import { linkMessage } from './netlink/info.js';
import {
  type BondMemberOptions,
  type BridgePortOptions,
  forgetful,
  inborn,
  type KindOptions,
  kindTables,
  type LinkKind,
  portTables,
} from './netlink/kinds.js';
import type { LinkSettings } from './netlink/link.js';
import { NLM } from './netlink/message.js';
import { RTM, requestName } from './netlink/numbers.js';
import { deviceName, otherName } from './netlink/types.js';
import {
  type CreatableKind,
  checkedLink,
  creating,
  kindInput,
  type NewLink,
  refuseFromHere,
  settingInputs,
} from './new-link.js';
import type { Change, Made } from './operation.js';
import { Rtnetlink } from './rtnetlink.js';

const EOPNOTSUPP = 95;

/** What can be changed of a link. */
export interface LinkChanges
  extends Omit<LinkSettings, 'altNames' | 'altName' | 'extended' | 'link' | 'txQueues' | 'rxQueues'> {
  /** Sets it up or down. */
  up?: boolean;
  /** Whether it takes all frames. */
  promiscuous?: boolean;
  /** Whether it takes the frames of all multicast groups. */
  allMulticast?: boolean;
  /** Whether multicast goes over it. */
  multicast?: boolean;
  /** Whether it asks for the MAC addresses of neighbours, and is asked for its own: by ARP, and of IPv6 likewise. */
  arp?: boolean;
  /** What its bridge does with it. */
  bridgePort?: BridgePortOptions;
  /** What its bond does with it. */
  bondMember?: BondMemberOptions;
}

const {
  altNames: _names,
  altName: _name,
  extended: _extended,
  link: _link,
  txQueues: _txQueues,
  rxQueues: _rxQueues,
  ...changeable
} = settingInputs;

const MADE_WITH_QUEUES =
  'how many queues it has is said when it is made: host.links.create, or multiQueue of a tap';

const linkChanges = record<LinkChanges>()(
  'a link',
  {
    ...changeable,
    up: flag,
    promiscuous: flag,
    allMulticast: flag,
    multicast: flag,
    arp: flag,
    bridgePort: portTables.bridge.reader('a port of a bridge'),
    bondMember: portTables.bond.reader('a member of a bond'),
  } as never,
  {
    txQueues: MADE_WITH_QUEUES,
    rxQueues: MADE_WITH_QUEUES,
    link: 'what a link stands on is said when it is made',
  },
) as Reader<LinkChanges>;

/** Throws where a link is told what only a port of a bridge is, and what only a member of a bond is. */
function refuseBothMasters({ bridgePort, bondMember }: Pick<LinkChanges, 'bridgePort' | 'bondMember'>): void {
  if (bridgePort === undefined || bondMember === undefined) return;
  throw new TypeError(
    'bondMember: a link is in one bridge or bond, and bridgePort is told to that of a bridge',
  );
}

/** A link that a creation makes, and of which kind. */
interface MadeLink extends Made {
  readonly kind: LinkKind;
}

/** The link that a creation makes. */
export const madeBy = ({ makes = [] }: Change): Made => makes[0] as Made;

/** The kind of a link that one of those changes makes here. */
export const kindMade = (changes: readonly Change[], name: string): LinkKind | undefined =>
  changes
    .flatMap(({ makes = [] }) => makes as readonly MadeLink[])
    .findLast((made) => made.name === name && made.netns === undefined)?.kind;

/** A link that was made, from where it is now: its name and its kind where nobody from here may look. */
export async function lookUpMade<K extends LinkKind>(
  kernel: Rtnetlink,
  { name, netns }: Made,
  kind: K,
): Promise<LinkOf<K>> {
  const there = netns === undefined ? kernel : new Rtnetlink(netns);
  try {
    const found = await lookUp(there, name).catch((error: unknown) => {
      if (there === kernel) throw error;
    });
    return (found ?? { name, kind }) as LinkOf<K>;
  } finally {
    if (there !== kernel) there.close();
  }
}

/** Makes a link; what the kernel takes no notice of until the link is there is another change. */
export function createLink(options: NewLink): readonly [Change, ...Change[]] {
  const checked = checking(
    () => creating(options),
    RTM.NEWLINK,
    () => checkedLink(options),
  );
  const { kind, own, up, index, alias, mtu, ...settings } = checked;
  const { netns, name = `${kind}%d` } = settings;
  const { peer: other } = own;
  // The other end can be spoken of, too.
  const peer = other?.name !== undefined && other.netns === undefined ? other : undefined;
  // A veth has no other end yet while it is made, and a bridge keeps only the MTU that it is told afterwards.
  const later = present({
    alias,
    up: kind === 'veth' ? up : undefined,
    mtu: kind === 'bridge' ? mtu : undefined,
  });
  const asked = creating({ ...options, ...present({ netns }) });
  const makes: readonly MadeLink[] = [
    { kind, name, index, netns },
    ...(peer ? [{ kind, name: peer.name as string, index: peer.index }] : []),
  ];
  const creation: Change = {
    asked,
    request: RTM.NEWLINK,
    tells: { link: name, options: own },
    makes,
    ...(settings.master !== undefined && { puts: { link: name, into: settings.master } }),
    write: (names) =>
      linkMessage.write(
        {
          type: RTM.NEWLINK,
          flags: NLM.create | NLM.exclusive,
          header: {
            ...flagsOf({ up: later.up === undefined ? up : undefined }),
            ...(index !== undefined && { index }),
          },
          attributes: {
            ...settings,
            ...(later.mtu === undefined && mtu !== undefined && { mtu }),
            name,
            info: { kind, options: own },
          },
        },
        names,
      ),
    numbered: ([number, peerNumber]) => {
      const ends = peer && { options: { ...options.options, peer: present({ ...peer, index: peerNumber }) } };
      return createLink(present({ ...options, ...ends, index: number }) as NewLink)[0];
    },
    undo: async (kernel) => {
      // One whose name nobody knows is made alone: refused, it is not there.
      if (name.includes('%')) return [];
      const { master, mac } = settings;
      const going = master ? await goingWithPort(kernel, master, present({ mac, mtu })) : [];
      if (netns === undefined) return [deleteLink(name), ...going];
      const write = () => linkMessage.write({ type: RTM.DELLINK, attributes: { name } });
      return [{ asked: { ...asked, action: 'delete' }, request: RTM.DELLINK, netns, write }, ...going];
    },
  };
  if (Object.keys(later).length === 0) return [creation];
  const { up: upLater, ...settingsLater } = later;
  const completion: Change = {
    asked,
    request: RTM.NEWLINK,
    netns,
    write: (names) =>
      linkMessage.write({
        type: RTM.NEWLINK,
        header: { ...flagsOf({ up: upLater }), ...(netns === undefined && { index: names.indexOf(name) }) },
        // In another namespace nobody here knows its number.
        attributes: { ...settingsLater, ...(netns !== undefined && { name }) },
      }),
    // It goes with the link.
    undo: async () => [],
  };
  return [creation, completion];
}

/** Changes a link. */
export function setLink(
  name: string,
  changes: LinkChanges,
  action = 'change',
  kind = 'link',
  toward?: string,
): Change {
  const object = describe(name, kind);
  const checked = checking(
    () => ({ action, object, toward, device: name }),
    RTM.NEWLINK,
    () => {
      deviceArgument(name);
      return linkChanges(changes, '');
    },
  );
  refuseFromHere(checked);
  refuseBothMasters(checked);
  return {
    ...setMessage({ action, object, toward, device: name }, checked),
    ...(checked.name !== undefined && { renames: true }),
    ...(checked.master !== undefined && { puts: { link: name, into: checked.master } }),
    undo: async (kernel) => {
      const before = await lookUp(kernel, name);
      return before ? undoOfLink(kernel, before, checked) : [];
    },
  };
}

/** Gives a link another name. */
export function renameLink(name: string, to: string): Change {
  const toward = `to '${to}'`;
  const checked = checking(
    () => ({ action: 'rename', object: describe(name), toward, device: name }),
    RTM.NEWLINK,
    () => deviceName.input(to, 'to'),
  );
  return setLink(name, { name: checked }, 'rename', 'link', toward);
}

/** Changes what a link is told of its kind. */
export function setKind<K extends CreatableKind>(name: string, kind: K, options: KindOptions<K>): Change {
  const asked = (action: string) => ({ action, object: describe(name, kind), device: name });
  const checked: object = checking(
    () => asked('change'),
    RTM.NEWLINK,
    () => {
      deviceArgument(name);
      return kindTables[kindInput(kind, 'kind')].reader(`a ${kind}`)(options, 'options');
    },
  );
  const change = (told: object): Change => ({
    ...kindMessage(asked('change'), kind, told),
    tells: { link: name, options: checked },
    check: async (kernel) => {
      const found = await lookUp(kernel, name);
      const refusal =
        found && (found.kindName === kind ? ofInborn(found, kind, checked) : notOf(found, kind));
      if (refusal === undefined) return;
      const errno = EOPNOTSUPP;
      throw new KernelError(asked('change'), { errno, call: requestName(RTM.NEWLINK), detail: refusal });
    },
    undo: async (kernel) => {
      const before = await lookUp(kernel, name);
      return before ? undoOfKind(before, asked('restore'), kind, told) : [];
    },
  });
  if (!forgetful.has(kind)) return change(checked);
  return {
    ...change(checked),
    completed: async (kernel, earlier) => {
      const before = await lookUp(kernel, name);
      const since = earlier.flatMap(({ tells }) => (tells?.link === name ? [tells.options] : []));
      return change(Object.assign({}, before?.options, ...since, checked));
    },
  };
}

/** Why a link cannot be told what it has been since it was made; undefined where it is told the same again. */
function ofInborn({ options = {} }: Link, kind: LinkKind, told: object): string | undefined {
  const is = options as Readonly<Record<string, unknown>>;
  const asked = told as Readonly<Record<string, unknown>>;
  const same = (field: string) => JSON.stringify(asked[field]) === JSON.stringify(is[field]);
  const other = inborn[kind]?.find((field) => field in asked && !same(field));
  return other && `${other} has been ${JSON.stringify(is[other])} since it was made`;
}

/** Deletes a link; what stood on it goes too. */
export function deleteLink(name: string, kind = 'link', path = 'name'): Change {
  const asked = { action: 'delete', object: describe(name, kind), device: name };
  checking(
    () => asked,
    RTM.DELLINK,
    () => deviceArgument(name, path),
  );
  return {
    asked,
    request: RTM.DELLINK,
    deletes: name,
    write: (names) => linkMessage.write({ type: RTM.DELLINK, header: { index: names.indexOf(name) } }),
  };
}

/** Gives a link another name besides, or takes one from it. */
export function altName(name: string, other: string, how: 'add' | 'delete'): Change {
  const checked = checking(
    () => askedOfName(name, other, how),
    NAME_REQUESTS[how],
    () => {
      deviceArgument(name);
      // What others gave it may be none that it can be called by here.
      return how === 'add' ? deviceArgument(other, 'altName') : otherName.input(other, 'altName');
    },
  );
  return nameChange(name, checked, how);
}

const NAME_REQUESTS = { add: RTM.NEWLINKPROP, delete: RTM.DELLINKPROP } as const;

const askedOfName = (name: string, other: string, how: 'add' | 'delete'): Asked => ({
  action: `${how} the name '${other}' of`,
  object: describe(name),
  device: name,
});

const nameChange = (name: string, other: string, how: 'add' | 'delete'): Change => ({
  asked: askedOfName(name, other, how),
  request: NAME_REQUESTS[how],
  write: (names) =>
    linkMessage.write({
      type: NAME_REQUESTS[how],
      flags: how === 'add' ? NLM.create | NLM.exclusive | NLM.append : 0,
      header: { index: names.indexOf(name) },
      attributes: { altNames: { names: [other] } },
    }),
  whole: true,
  undo: async () => [nameChange(name, other, how === 'add' ? 'delete' : 'add')],
});
