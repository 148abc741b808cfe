export interface OvsDpdk {
  /** The program. */
  daemon: string;
  /** The folder of the libraries that it needs, for LD_LIBRARY_PATH. */
  libraries: string;
  /** The driver of its memory, which it loads by itself. */
  driver: string;
}
/** An Open vSwitch that serves vhost-user ports; undefined when it is not unpacked. */
export declare function ovsDpdk(): OvsDpdk | undefined;
