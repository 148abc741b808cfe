// What the addon does with the kernel itself, without libvirt: native/kernel.

/** What a system call that failed is thrown or rejected with; lib/host/error.ts makes a KernelError of it. */
export interface SystemFailure extends Error {
  errno: number;
  /** The system call, as in `setns`; for ioctl the request, as in `TUNSETIFF`. */
  call: string;
}

export interface Kernel {
  /** Enters a network namespace and leaves it again; throws a {@link SystemFailure} when that is impossible. */
  tryNamespace(path: string): void;
}
