// What the kernel drops along with an address, or with a link that is set down: routes and neighbours. It comes back
// after what it leans on.
import { restoreAddress, toldAddresses } from './address.js';
import { HOW, isKernels } from './again.js';
import type { Link } from './link.js';
import { restoreNeighbour, toldNeighbours } from './neighbour.js';
import type { Change } from './operation.js';
import type { Family, Prefixed } from './prefix.js';
import { isDirect, restoreRoute, type ToldRoute, toldRoutes } from './route.js';
import type { Asking } from './rtnetlink.js';

/** Those that nobody makes by himself: neither the kernel with an address, nor a router that advertises itself. */
const isMade = ({ route: { protocol } }: ToldRoute): boolean =>
  protocol !== 'kernel' && protocol !== 'ra' && protocol !== 'redirect';

/** The routes over a link: first those that gateways of others are reached by. */
export async function routesOver(kernel: Asking, device: string, family: Family): Promise<Change[]> {
  const all = (await toldRoutes(kernel, { table: 'all', device, family })).filter(isMade);
  return [...all.filter(({ route }) => isDirect(route)), ...all.filter(({ route }) => !isDirect(route))].map(
    (one) => restoreRoute(one, HOW.append),
  );
}

/** What somebody made known of neighbours on a link, and what the machine answers for. */
export async function neighboursOn(kernel: Asking, link: string, family: Family): Promise<Change[]> {
  const known = await toldNeighbours(kernel, { link, family });
  const answered = await toldNeighbours(kernel, { link, family }, true);
  const told = known.filter(({ neighbour: { state } }) => state === 'permanent' || state === 'noArp');
  return [...told, ...answered].map(restoreNeighbour);
}

/** What leans on an address of a link: of IPv4 all over the link may, since it goes with the last one. */
export async function leaningOn(kernel: Asking, link: string, own: Prefixed): Promise<Change[]> {
  if (own.family === 'ipv4')
    return [...(await routesOver(kernel, link, 'ipv4')), ...(await neighboursOn(kernel, link, 'ipv4'))];
  // It stays, but without its source address.
  const all = await toldRoutes(kernel, { table: 'all', family: 'ipv6' });
  return all
    .filter((one) => isMade(one) && one.route.preferredSource === own.address)
    .map((one) => restoreRoute(one, HOW.replace));
}

/** What goes with a link that is set down, and does not come back with it: unless a sysctl says so, addresses of IPv6, too. */
export async function goingDown(kernel: Asking, { name: link, mac }: Link): Promise<Change[]> {
  const addresses = await toldAddresses(kernel, { link, family: 'ipv6' });
  const given = addresses.filter(
    ({ address, told }) => !address.flags.includes('secondary') && !isKernels(told(), mac),
  );
  return [
    // The kernel puts a new one before the others.
    ...given.reverse().flatMap((one) => restoreAddress(one)),
    ...(await routesOver(kernel, link, 'ipv4')),
    ...(await routesOver(kernel, link, 'ipv6')),
    ...(await neighboursOn(kernel, link, 'ipv4')),
    ...(await neighboursOn(kernel, link, 'ipv6')),
  ];
}
