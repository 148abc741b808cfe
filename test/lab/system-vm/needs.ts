import type { Need } from '../have.js';

/** All that {@link runInSystemVm} needs. */
export const SYSTEM_VM_NEEDS = ['root', 'qemu', 'system VM'] as const satisfies Need[];
