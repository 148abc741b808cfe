/** The project's folder, with a slash at its end. */
export declare const ROOT: string;
/** What set-up makes. */
export declare const CACHE: string;
/** Runs `work` and prints its line. */
export declare function step(name: string, what: string, work: () => Promise<unknown>): Promise<void>;
