export interface UnpackedKernel {
  version: string;
  /** The file to boot. */
  image: string;
  /** The folder that is /lib/modules/VERSION for it. */
  modules: string;
}
/** Debian's kernel for virtual machines; undefined when there is none. */
export declare function unpackedKernel(): UnpackedKernel | undefined;
