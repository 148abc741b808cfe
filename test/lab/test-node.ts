// Node descriptions for libvirt's in-process test driver: `test:///FILE` is a host of the test's own, unlike
// test:///default, whose state all connections of a process share (https://libvirt.org/drvtest.html).

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestNodeOptions {
  /** Opening the node asks for this name and, when there is one, this password. */
  user?: { name: string; password?: string };
  /** XML of the networks that it starts with; each is active. */
  networks?: readonly string[];
  /** XML of the domains that it starts with. */
  domains?: readonly string[];
  /** XML of the host interfaces that it starts with. */
  interfaces?: readonly string[];
  /** XML of the node devices that it has. */
  devices?: readonly string[];
}

export interface TestNode {
  uri: string;
  [Symbol.dispose](): void;
}

/** Writes the description into a temporary file, which the dispose method removes. */
export function writeTestNode(options: TestNodeOptions = {}): TestNode {
  const folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
  const file = join(folder, 'node.xml');
  writeFileSync(file, describeNode(options));
  return {
    uri: `test://${file}`,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function describeNode({
  user,
  networks = [],
  domains = [],
  interfaces = [],
  devices = [],
}: TestNodeOptions): string {
  const password = user?.password === undefined ? '' : ` password='${escapeXml(user.password)}'`;
  const auth = user ? `<auth><user${password}>${escapeXml(user.name)}</user></auth>` : '';
  return `<node>${auth}${[...domains, ...networks, ...interfaces, ...devices].join('')}</node>\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;');
}
