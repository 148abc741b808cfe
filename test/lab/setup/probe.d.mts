/** Is this program (a name) or file (an absolute path, in which one `*` stands for any one folder) here? */
export declare function isHere(what: string): boolean;
