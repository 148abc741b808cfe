/** The project's folder, with a slash at its end. */
export declare const ROOT: string;
/** What set-up makes. */
export declare const CACHE: string;
