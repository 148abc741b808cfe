/** The initramfs of the system VM. */
export declare const SYSTEM_VM_INITRAMFS: string;
/** Is there nothing to boot the system VM from, or something older than its sources? */
export declare function systemVmIsStale(): boolean;
