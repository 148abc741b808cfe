// host.routes: where packets go.
import { present } from '../build/present.js';
import { record } from '../build/reader.js';
import { checking } from './checking.js';
import { deviceArgument } from './device-argument.js';
import { KernelError } from './error.js';
import { RTM, requestName } from './netlink/numbers.js';
import { routeMessage } from './netlink/route.js';
import { checkedRoute, type How, type NewRoute, routeRequest } from './new-route.js';
import type { Change } from './operation.js';
import { type Family, family } from './prefix.js';
import { type Route, type RouteTable, tableNumber, tables, toldRoute, toldRoutes } from './route.js';
import { undoRoute } from './route-undo.js';
import { type RoutedPacket, routeQuery } from './routed-packet.js';
import type { Rtnetlink } from './rtnetlink.js';
import { ofThere } from './there.js';

/** Which routes are asked for. */
export interface RouteFilter {
  /** Of this table only: `main` if not given, `all` for all. */
  table?: RouteTable | 'all';
  /** Of this family only. */
  family?: Family;
  /** By this link only. */
  device?: string;
}

const filterFields = record<RouteFilter>()('a filter of routes', {
  table: (value, path) => (value === 'all' ? ('all' as const) : tableNumber(value, path)),
  family,
  device: deviceArgument,
});

const ENETUNREACH = 101;

function routeChange(how: How, route: NewRoute): Change {
  const request = how === 'delete' ? RTM.DELROUTE : RTM.NEWROUTE;
  const object = `route to ${route.destination}`;
  const checked = checking(
    () => ({ action: how, object, device: route.device }),
    request,
    () => checkedRoute(route),
  );
  return {
    asked: { action: how, object, device: checked.given.device },
    request,
    write: (names) => routeRequest(how, checked, names),
    whole: true,
    undo: (kernel) => undoRoute(how, object, checked, kernel),
  };
}

/** Makes a route. */
export const addRoute = (route: NewRoute): Change => routeChange('add', route);
/** Makes a route, or puts it into the place of the one to the same destination with the same metric. */
export const replaceRoute = (route: NewRoute): Change => routeChange('replace', route);
/** Makes one more route to the same destination. */
export const appendRoute = (route: NewRoute): Change => routeChange('append', route);
/** Deletes a route. */
export const deleteRoute = (route: NewRoute): Change => routeChange('delete', route);

/** Where packets go, as `ip route` shows and changes it. */
export class Routes {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /**
   * The routes of the main table, or those that a filter lets through; `ip route`. Rejects with `ENODEV` when there is
   * no such link.
   *
   * ```ts
   * const everywhere = await host.routes.list({ table: 'all', family: 'ipv6' });
   * ```
   */
  async list(filter: RouteFilter = {}): Promise<Route[]> {
    const asked = { action: 'list', object: 'routes', device: filter.device };
    const checked = checking(
      () => asked,
      RTM.GETROUTE,
      () => filterFields(filter, ''),
    );
    const { table = tables.main, ...rest } = checked;
    const all = await toldRoutes(this.#kernel, { table, ...present(rest) });
    return (await ofThere(this.#kernel, all, rest.device, asked)).map(({ route }) => route);
  }

  /**
   * The route that a packet to an address takes; `ip route get`.
   *
   * @param packet what else is known of it: where it comes from, by which link, its mark.
   * @throws KernelError with code `ENETUNREACH` when there is none, or when its source is no address of this machine and
   *   `input` does not say how it came here; `ENODEV` when there is no such link.
   *
   * ```ts
   * await host.routes.get('10.20.0.1');
   * await host.routes.get('10.20.0.1', { from: '192.168.10.7', input: 'br0' });
   * ```
   */
  async get(to: string, packet: RoutedPacket = {}): Promise<Route> {
    const asked = { action: 'find', object: `route to ${to}` };
    const query = checking(
      () => asked,
      RTM.GETROUTE,
      () => routeQuery(to, packet),
    );
    const messages = await this.#kernel.ask({ asked, ...query });
    const [found] = await this.#kernel.read(messages, ({ payload }, names) =>
      toldRoute(routeMessage.read(payload, names)),
    );
    if (!found) throw new KernelError(asked, { errno: ENETUNREACH, call: requestName(RTM.GETROUTE) });
    return found;
  }

  /**
   * Makes a route; `ip route add`.
   *
   * @throws KernelError with code `EEXIST` when there is one, `ENETUNREACH` when the gateway is in no subnet of a link.
   *
   * ```ts
   * await host.routes.add({ destination: 'default', gateway: '192.168.10.254' });
   * await host.routes.add({
   *   destination: '10.0.0.0/8',
   *   nextHops: [{ gateway: '192.168.10.2', weight: 2 }, { gateway: '192.168.10.3' }],
   *   metrics: { mtu: 1400 },
   * });
   * ```
   */
  async add(route: NewRoute): Promise<void> {
    await this.#kernel.ask(addRoute(route));
  }

  /** Makes a route, or puts it into the place of the one to the same destination with the same metric; `ip route replace`. */
  async replace(route: NewRoute): Promise<void> {
    await this.#kernel.ask(replaceRoute(route));
  }

  /** Makes one more route to the same destination; `ip route append`. */
  async append(route: NewRoute): Promise<void> {
    await this.#kernel.ask(appendRoute(route));
  }

  /** Deletes the first route that fits; `ip route delete`. Rejects with `ESRCH` when there is none. */
  async delete(route: NewRoute): Promise<void> {
    await this.#kernel.ask(deleteRoute(route));
  }
}
