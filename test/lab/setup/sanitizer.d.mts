export type Sanitizer = 'address' | 'thread';
/** The folder of the build, for VIRTNET_PREBUILD. */
export declare function sanitizedFolder(sanitizer: Sanitizer): string;
/** Is there no such build, or an older one than its sources? */
export declare function sanitizedIsStale(sanitizer: Sanitizer): boolean;
