import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** When the newest file at or below `path` was changed, in ms since 1970; 0 when there is none. */
export function newest(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return 0;
  if (!entry.isDirectory()) return entry.mtimeMs;
  // The folder's own time tells of files that were removed.
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
