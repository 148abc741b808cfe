/** The initramfs of guests. */
export declare const GUEST_INITRAMFS: string;
/** Is there nothing to boot a guest from, or something older than its sources? */
export declare function guestIsStale(): boolean;
