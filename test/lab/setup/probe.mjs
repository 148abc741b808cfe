// Whether a program or a file is on this machine. Plain JavaScript without dependencies, because setup.mjs
// asks before anything is installed.

import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * Is it here? `what` is a program's name, looked up on PATH and in the administrator's folders, or an absolute
 * path, in which one `*` stands for any one folder (see packages.json).
 */
export function isHere(what) {
  if (!what.startsWith('/')) {
    return [...(process.env.PATH ?? '').split(':'), ...SYSTEM_FOLDERS].some((folder) =>
      allows(join(folder, what), constants.X_OK),
    );
  }
  const [parent, rest] = what.split('/*/');
  if (rest === undefined) return allows(what, constants.R_OK);
  return foldersIn(parent).some((folder) => allows(join(parent, folder, rest), constants.R_OK));
}

function allows(path, mode) {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function foldersIn(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
