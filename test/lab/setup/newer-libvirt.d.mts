export declare function isUnpacked(): boolean;
export declare function unpackNewerLibvirt(): Promise<void>;
