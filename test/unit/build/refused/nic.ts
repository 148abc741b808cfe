// NICs to refuse options of: the smallest of each type.
import { build } from '../../../../lib/build/index.js';
import { type Row, refusedBy } from './refused.js';

export type Type = keyof typeof build.nic;

export const uuid = '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f';
const here = { address: '127.0.0.1', port: 11116 };

/** The smallest options of each type. */
export const smallest: Record<Type, object> = {
  network: { network: 'lan' },
  bridge: { bridge: 'br0' },
  openvswitch: { bridge: 'ovsbr0' },
  user: {},
  passt: {},
  ethernet: {},
  direct: { dev: 'eth0', mode: 'bridge' },
  hostdev: { device: '03:10.1' },
  vhostUser: { path: '/run/a.sock', mode: 'client' },
  multicast: { group: '230.0.0.1', port: 5558 },
  tcpServer: { port: 5558 },
  tcpClient: { server: '192.0.2.1', port: 5558 },
  udp: { remote: here, local: here },
  vdpa: { dev: '/dev/vhost-vdpa-0' },
  internal: { name: 'intnet' },
  vds: { switchId: uuid, portId: 6, portGroupId: 'pg', connectionId: 1 },
  null: {},
};

export const types = Object.keys(smallest) as Type[];

export const make = (type: Type, options: unknown): unknown =>
  (build.nic[type] as (options: unknown) => unknown)(options);

/** Each row is added to the type's smallest options and must be refused in exactly these words. */
export const refused = (type: Type, rows: readonly Row[]): void =>
  refusedBy(type, (options) => make(type, options), smallest[type], rows);
