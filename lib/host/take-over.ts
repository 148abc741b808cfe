// A bridge over a NIC: what the NIC has moves to the bridge, and back. Everything arrives before anything leaves, so
// that there is hardly a moment without it; what is refused, or gone again, takes all of it back.
import { allLinks } from './all-links.js';
import { changeLink, checkPort, createBridge, type NewBridge, removePort } from './bridge-changes.js';
import { describe } from './device-argument.js';
import { KernelError } from './error.js';
import { type Link, linkNamed, notOf } from './link.js';
import { deleteLink, setLink } from './link-changes.js';
import { moveAddresses } from './move/addresses.js';
import type { Steps, Way } from './move/change.js';
import { moveNeighbours } from './move/neighbours.js';
import { moveRoutes } from './move/routes.js';
import { moveRules } from './move/rules.js';
import { type Change, carryOut } from './operation.js';
import type { Rtnetlink } from './rtnetlink.js';

/**
 * What a bridge over a NIC can be told. MAC address, MTU and whether it is up are those of the NIC.
 *
 * @interface
 */
export type TakeOverOptions = Omit<NewBridge, 'mac' | 'mtu' | 'netns' | 'ports' | 'up'>;

const [ENODEV, EEXIST, EBUSY, EINVAL, ELOOP] = [19, 17, 16, 22, 40];
const OF_NIC = ['mac', 'mtu', 'netns', 'ports', 'up'] as const;

type Refused = readonly [errno: number, detail: string];

/** All that `from` has, on its way to the link `to`. */
async function moveAll(kernel: Rtnetlink, way: Way): Promise<Steps & { readonly again: readonly Change[] }> {
  const addresses = await moveAddresses(kernel, way);
  const routes = await moveRoutes(kernel, way);
  const rules = await moveRules(kernel, way);
  const neighbours = await moveNeighbours(kernel, way);
  return {
    arrive: [...routes.before, ...addresses.arrive, ...routes.arrive, ...neighbours.arrive, ...rules],
    again: neighbours.again,
    leave: [...neighbours.leave, ...routes.leave, ...addresses.leave],
    verify: async (asked) => {
      await addresses.verify(asked);
      await routes.verify(asked);
    },
  };
}

/** Makes all of it, or nothing: first what is there at both ends, then what is at one, then what cannot be undone. */
async function move(
  kernel: Rtnetlink,
  before: readonly Change[],
  { arrive, leave, verify }: Steps,
  last?: Change,
): Promise<void> {
  const end = async () => {
    await verify(kernel);
    if (last !== undefined) await kernel.ask(last);
  };
  await carryOut(kernel, [...before, ...arrive], async () => {
    await verify(kernel);
    if (leave.length > 0) await carryOut(kernel, leave, end);
    else await end();
  });
}

/** Why a link can be in no bridge, or in none but its own. */
function unfit(nic: Link | undefined, name: string): Refused | undefined {
  if (nic === undefined) return [ENODEV, `there is no device '${name}'`];
  if (nic.kind === 'bridge') return [ELOOP, 'it is a bridge itself'];
  if (nic.type !== 'ether') return [EINVAL, `it is of type ${nic.type} and carries no Ethernet`];
  if (nic.master !== undefined) return [EBUSY, `it is in '${nic.master}' already`];
  return undefined;
}

/** A VXLAN that is told its link would find none of its peers by another one, and goes with its link. */
const boundTo = (links: readonly Link[], { name }: Link): Refused | undefined => {
  const bound = links.filter((link) => link.kind === 'vxlan' && link.options.link === name);
  return bound.length === 0
    ? undefined
    : [EBUSY, `VXLANs send over it: ${bound.map(({ name: one }) => one).join(', ')}`];
};

const asking = (action: string, nic: string) => ({ action, object: describe(nic), device: nic });

/** Puts a bridge over a NIC. */
export async function takeOver(
  kernel: Rtnetlink,
  bridge: string,
  nicName: string,
  options: TakeOverOptions = {},
): Promise<void> {
  checkPort(() => asking('take over', nicName), bridge, nicName, 'nic');
  const given = OF_NIC.find((key) => key in options);
  if (given !== undefined) throw new TypeError(`options.${given}: that is the NIC's`);
  createBridge(bridge, options); // checks them before the kernel is asked
  const links = await allLinks(kernel);
  const nic = linkNamed(links, nicName);
  const why = unfit(nic, nicName) ?? (nic && boundTo(links, nic));
  const refused = (object: string, device: string, [errno, detail]: Refused) =>
    new KernelError({ action: 'take over', object, device }, { errno, call: 'RTM_NEWLINK', detail });
  if (nic === undefined || why !== undefined) {
    throw refused(`link '${nicName}'`, nicName, why ?? [ENODEV, '']);
  }
  if (linkNamed(links, bridge))
    throw new KernelError(
      { action: 'create', object: `bridge '${bridge}'`, device: bridge },
      { errno: EEXIST, call: 'RTM_NEWLINK' },
    );
  const { name, index, altNames, mac, mtu, up } = nic;
  const made = createBridge(bridge, { stp: false, ...options, mtu, ...(mac !== undefined && { mac }) });
  const way = { from: { name, index, altNames, mac }, to: bridge };
  // The port comes first: a bridge that comes up with a port that works, works at once.
  const before = [
    ...made,
    ...(nic.addressGeneration === 'none' ? changeLink(bridge, { addressGeneration: 'none' }) : []),
    setLink(name, { master: bridge }, 'add', 'link', `to '${bridge}'`),
    ...(up ? [setLink(bridge, { up: true }, 'set up', 'bridge')] : []),
  ];
  await move(kernel, before, await moveAll(kernel, way));
}

/** Gives everything back to the NIC, and deletes the bridge. */
export async function giveBack(
  kernel: Rtnetlink,
  bridgeName: string,
  nicName: string,
  { force = false }: { force?: boolean } = {},
): Promise<void> {
  checkPort(() => asking('give back', nicName), bridgeName, nicName, 'nic');
  const links = await allLinks(kernel);
  const [bridge, nic] = [linkNamed(links, bridgeName), linkNamed(links, nicName)];
  const refused = (object: string, device: string, errno: number, detail: string) =>
    new KernelError({ action: 'give back', object, device }, { errno, call: 'RTM_NEWLINK', detail });
  const object = `bridge '${bridgeName}'`;
  if (!bridge) throw refused(object, bridgeName, ENODEV, `there is no device '${bridgeName}'`);
  if (bridge.kind !== 'bridge') throw refused(object, bridgeName, EINVAL, notOf(bridge, 'bridge'));
  if (!nic) throw refused(`link '${nicName}'`, nicName, ENODEV, `there is no device '${nicName}'`);
  if (nic.master !== bridge.name) {
    const where = nic.master === undefined ? 'in no bridge' : `in '${nic.master}'`;
    throw refused(`link '${nicName}'`, nicName, EINVAL, `it is ${where}`);
  }
  const others = links.filter((link) => link.master === bridge.name && link !== nic);
  if (others.length > 0 && !force)
    throw refused(object, bridgeName, EBUSY, `it has ports: ${others.map(({ name }) => name).join(', ')}`);
  const upon = links.filter((link) => link.link === bridge.name);
  if (upon.length > 0) {
    const names = upon.map(({ name }) => name).join(', ');
    throw refused(object, bridgeName, EBUSY, `it carries other links: ${names}`);
  }
  const bound = boundTo(links, bridge);
  if (bound) throw refused(object, bridgeName, ...bound);
  const { name, index, altNames, mac } = bridge;
  const way = { from: { name, index, altNames, mac }, to: nic.name };
  const { again, ...steps } = await moveAll(kernel, way);
  const leaving = removePort(bridge.name, nic.name);
  // A bridge without a port that works forgets for whom it answers.
  const undo = async () => [...((await leaving.undo?.(kernel)) ?? []), ...again];
  // What the bridge has goes with it: some of it has gone with its port.
  const last = deleteLink(bridge.name, 'bridge');
  await move(kernel, [{ ...leaving, undo }], { ...steps, leave: [] }, last);
}
