/** Has the newer libvirt unpacked, where it is not yet. */
export declare function haveNewerLibvirt(): Promise<void>;
