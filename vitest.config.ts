import { defineConfig } from 'vitest/config';
import { commonjs } from './test/lab/commonjs.js';

// One project a folder of test/, so that `npm test -- --project driver` runs one kind of test; what a folder
// needs of the machine is said in CONTRIBUTING.md. Limits are for a hang, not for a slow machine.
const SECOND = 1000;
const FOLDERS = {
  unit: 20 * SECOND,
  contract: 60 * SECOND,
  driver: 30 * SECOND,
  host: 30 * SECOND,
  lab: 120 * SECOND,
  hypervisor: 90 * SECOND,
  guest: 120 * SECOND,
  life: 180 * SECOND,
  vm: 300 * SECOND,
};

/** Whose files leave nothing behind for each other: they need not load the library anew. */
const PURE = ['unit', 'contract'];

export default defineConfig({
  plugins: [commonjs],
  test: {
    reporters: ['./test/lab/reporter.ts'],
    maxWorkers: '100%',
    // The system VM, on whose processor it would take minutes, takes what has been transformed here.
    experimental: { fsModuleCache: true, fsModuleCachePath: '.cache/vitest' },
    projects: [
      ...Object.entries(FOLDERS).map(([name, limit]) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          testTimeout: limit,
          hookTimeout: limit,
          isolate: !PURE.includes(name),
        },
      })),
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: { enabled: true, only: true, include: ['test/types/**/*.test-d.ts'] },
        },
      },
    ],
  },
});
