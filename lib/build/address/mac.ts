// MAC addresses: one spelling, and random ones.

/** QEMU and KVM guests' prefix: locally administered, unicast. libvirt makes its own addresses in it. */
export const KVM_PREFIX = '52:54:00';

/**
 * The MAC address of a text such as `52:54:00:12:34:56`, in lower case; undefined when it is none. Colons only: libvirt
 * reads nothing else.
 */
export const parseMac = (text: string): string | undefined =>
  /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text) ? text.toLowerCase() : undefined;

/** Whether a MAC address names a group of devices: the lowest bit of its first byte is set. */
export const isMulticastMac = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;

/** A random MAC address below a prefix of three bytes, {@link KVM_PREFIX} unless told. */
export const randomMac = (prefix: string = KVM_PREFIX): string => {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(3));
  return [prefix, ...Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))].join(':');
};
