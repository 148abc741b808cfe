/** A QEMU that emulates a NIC with virtual functions: its program and first arguments; undefined when there is none. */
export declare function qemuWithSriov(): string[] | undefined;
