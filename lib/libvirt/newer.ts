// A field that the libvirt at the other end does not know would be left out without a word.
import { LibvirtError } from '../errors.js';
import type { AnyDocument } from '../xml/index.js';
import { newerFields } from '../xml/newer.js';
import { type Asked, parseVersion } from './ask.js';
import type { Connection } from './connection.js';

/** Rejects with `FIELD_TOO_NEW` when a document has a field that is newer than the libvirt of a connection. */
export async function refuseNewer(
  asked: Asked,
  document: AnyDocument,
  connection: Connection,
): Promise<void> {
  const newer = newerFields(document);
  if (newer.length === 0) return;
  const version = await connection.libvirtVersion();
  const first = newer.find(({ since }) => parseVersion(since) > parseVersion(version));
  if (!first) return;
  const hint = 'leave the field out, or let a newer libvirt run there';
  const why = `${first.path} needs libvirt >= ${first.since}, the one there is ${version} and would drop it`;
  throw new LibvirtError(`cannot ${asked.action} ${asked.object}: ${why} (${hint})`, {
    code: 'FIELD_TOO_NEW',
    object: asked.object,
    hint,
  });
}
