// Which libvirt is installed, for tests of what an older one lacks.

import { missing } from '../lab/have.js';
import { connectToHost, DRIVER_NEEDS } from './host.js';

async function installedVersion(): Promise<string> {
  if (missing(...DRIVER_NEEDS)) return '0.0.0';
  await using connection = await connectToHost();
  return await connection.libvirtVersion();
}

const INSTALLED = await installedVersion();
const asNumber = (version: string) =>
  version.split('.').reduce((sum, part, i) => sum + Number(part) * 1000 ** (2 - i), 0);
/** Whether the installed libvirt is. */
export const isOlderThan = (version: string) => asNumber(INSTALLED) < asNumber(version);
export const needs = (version: string) => `needs libvirt >= ${version}, this is ${INSTALLED}`;
/** The name of a test with the reason for which it may be skipped. */
export const since = (version: string, name: string) =>
  isOlderThan(version) ? `${name} (${needs(version)})` : name;
