// All generated files, as they should be now.
import { addon } from '../../../lib/native/addon.js';
import { constantsModule } from './constants.js';
import { functionsModule } from './functions.js';
import { readApi } from './libvirt-api.js';

const folder = new URL('../../../lib/native/', import.meta.url);

export function generated(): { path: URL; text: string }[] {
  const api = readApi();
  return [
    { path: new URL('functions.gen.ts', folder), text: functionsModule(addon().signatures, api) },
    { path: new URL('constants.gen.ts', folder), text: constantsModule(api) },
  ];
}
