// Hosts behind libvirt's test driver, which runs in this process: one for each test, so that tests share nothing.

import { type Connection, type ConnectOptions, connect } from '../../lib/index.js';
import type { Need } from '../lab/have.js';
import { type TestNodeOptions, writeTestNode } from '../lab/test-node.js';

export const DRIVER_NEEDS = ['native', 'libvirt'] as const satisfies Need[];

/** A connection to a new host, which ends with the connection. */
export async function connectToHost(
  node: TestNodeOptions = {},
  options: ConnectOptions = {},
): Promise<Connection> {
  using file = writeTestNode(node);
  return await connect(file.uri, options);
}

/** The XML of an isolated network. */
export const networkXml = (name: string, inside = ''): string =>
  `<network><name>${name}</name>${inside}</network>`;
