// What the methods of a guest take: libvirt's flags, a row each.
import { flag, record } from '../../build/reader.js';
import {
  virDomainConsoleFlags,
  virDomainCreateFlags,
  virDomainDestroyFlagsValues,
  virDomainGetHostnameFlags,
  virDomainGuestInfoTypes,
  virDomainShutdownFlagValues,
  virDomainUndefineFlagsValues,
  virDomainXMLFlags,
} from '../../native/constants.gen.js';
import { flagOptions } from '../flags.js';
import { text } from '../options.js';

/** How a guest is started. */
export interface DomainStartOptions {
  /** Do not let it run yet: `resume()` does. */
  paused?: boolean;
  /** End it when the connection ends. */
  autoDestroy?: boolean;
  /** Boot it anew, also when its state was saved. */
  forceBoot?: boolean;
}

const start = {
  paused: virDomainCreateFlags.PAUSED,
  autoDestroy: virDomainCreateFlags.AUTODESTROY,
  forceBoot: virDomainCreateFlags.FORCE_BOOT,
} as const;

export const startFlags = flagOptions<DomainStartOptions>('a start', start);

/** How a guest is asked to end or to reboot. */
export interface ShutdownOptions {
  /** Whom to ask: the hypervisor's choice, if not given. */
  mode?: 'acpi' | 'agent' | 'initctl' | 'signal' | 'paravirt';
}

// Those of a reboot are the same.
export const shutdownFlags = flagOptions<ShutdownOptions>('a shutdown', {
  mode: {
    acpi: virDomainShutdownFlagValues.ACPI_POWER_BTN,
    agent: virDomainShutdownFlagValues.GUEST_AGENT,
    initctl: virDomainShutdownFlagValues.INITCTL,
    signal: virDomainShutdownFlagValues.SIGNAL,
    paravirt: virDomainShutdownFlagValues.PARAVIRT,
  },
});

/** How a guest is ended. */
export interface DestroyOptions {
  /** Fail rather than kill a hypervisor process that does not end when it is asked to. */
  graceful?: boolean;
}

export const destroyFlags = flagOptions<DestroyOptions>('an end', {
  graceful: virDomainDestroyFlagsValues.GRACEFUL,
});

/** What goes along with the configuration of a guest. libvirt refuses to undefine one that has more than that. */
export interface UndefineOptions {
  /** Its saved state. */
  managedSave?: boolean;
  /** What is known of its snapshots. */
  snapshots?: boolean;
  /** What is known of its checkpoints. */
  checkpoints?: boolean;
  /** What to do with its NVRAM file. */
  nvram?: 'remove' | 'keep';
  /** What to do with the state of its TPM. */
  tpm?: 'remove' | 'keep';
}

export const undefineFlags = flagOptions<UndefineOptions>('an end of a configuration', {
  managedSave: virDomainUndefineFlagsValues.MANAGED_SAVE,
  snapshots: virDomainUndefineFlagsValues.SNAPSHOTS_METADATA,
  checkpoints: virDomainUndefineFlagsValues.CHECKPOINTS_METADATA,
  nvram: { remove: virDomainUndefineFlagsValues.NVRAM, keep: virDomainUndefineFlagsValues.KEEP_NVRAM },
  tpm: { remove: virDomainUndefineFlagsValues.TPM, keep: virDomainUndefineFlagsValues.KEEP_TPM },
});

/** Which description of a guest. */
export interface DescribeDomainOptions {
  /** The configuration kept for the next start, instead of what runs now. */
  inactive?: boolean;
  /** With passwords; not on a connection that may only look. */
  secure?: boolean;
}

export const xmlFlags = flagOptions<DescribeDomainOptions>('a description', {
  inactive: virDomainXMLFlags.INACTIVE,
  secure: virDomainXMLFlags.SECURE,
});

/** Whom to ask for the name of a guest. */
export interface HostnameOptions {
  /** The DHCP leases of its networks, or the guest agent; the hypervisor's choice, if not given. */
  source?: 'lease' | 'agent';
}

export const hostnameFlags = flagOptions<HostnameOptions>('a question for a name', {
  source: { lease: virDomainGetHostnameFlags.LEASE, agent: virDomainGetHostnameFlags.AGENT },
});

/** What to ask the guest agent. What is left out altogether stands for all of it. */
export interface GuestInfoOptions {
  /** Who is logged in: `user.count`, `user.0.name` … */
  users?: boolean;
  /** The operating system: `os.id`, `os.name`, `os.version` … */
  os?: boolean;
  /** The time zone: `timezone.name`, `timezone.offset`. */
  timezone?: boolean;
  /** The host name: `hostname`. */
  hostname?: boolean;
  /** The file systems: `fs.count`, `fs.0.mountpoint` … */
  filesystem?: boolean;
  /** The disks (libvirt 7.0): `disk.count`, `disk.0.name` … */
  disks?: boolean;
  /** The NICs (libvirt 7.10): `if.count`, `if.0.name`, `if.0.hwaddr`, `if.0.addr.0.addr` … */
  interfaces?: boolean;
}

export const guestInfoTypes = flagOptions<GuestInfoOptions>('a question to the guest agent', {
  users: virDomainGuestInfoTypes.USERS,
  os: virDomainGuestInfoTypes.OS,
  timezone: virDomainGuestInfoTypes.TIMEZONE,
  hostname: virDomainGuestInfoTypes.HOSTNAME,
  filesystem: virDomainGuestInfoTypes.FILESYSTEM,
  disks: virDomainGuestInfoTypes.DISKS,
  interfaces: virDomainGuestInfoTypes.INTERFACES,
});

/** Which console of a guest, and whether others may have it. */
export interface ConsoleOptions {
  /** Its alias, as in `serial0`, `console1`; the first, if not given. */
  device?: string;
  /** Take it from whoever has it. */
  force?: boolean;
  /** Only if nobody else can have it at the same time. */
  safe?: boolean;
}

export const readConsoleOptions = record<ConsoleOptions>()('a console', {
  device: text,
  force: flag,
  safe: flag,
});

export const consoleFlags = flagOptions<Omit<ConsoleOptions, 'device'>>('a console', {
  force: virDomainConsoleFlags.FORCE,
  safe: virDomainConsoleFlags.SAFE,
});
