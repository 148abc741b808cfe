// What to do about a refusal of the kernel's, in rows: its code, where that says too little the call, the action,
// the object or the kernel's own words, and the advice. The first row that fits is taken.

/** What is known of a refusal. */
export interface Refused {
  code: string;
  call: string;
  action: string;
  object: string;
  detail?: string | undefined;
}

interface Row {
  code: string | readonly string[];
  call?: RegExp;
  action?: RegExp;
  object?: RegExp;
  detail?: RegExp;
  hint: string;
}

const rows: readonly Row[] = [
  {
    code: ['ENOENT', 'ENODEV', 'ENXIO'],
    call: /net\/tun$/,
    hint: 'the kernel has no TUN/TAP here: modprobe tun; in a container, give it /dev/net/tun',
  },
  {
    code: ['EACCES', 'EPERM'],
    call: /net\/tun$/,
    hint: 'the mode of /dev/net/tun keeps you out: run as root, or chmod 666 /dev/net/tun, which gives no right to make devices',
  },
  {
    code: 'EBUSY',
    call: /^TUNSETIFF$/,
    hint: 'the device exists, or somebody is attached to its only queue: choose another name, or open it everywhere with multiQueue',
  },
  {
    code: 'EINVAL',
    call: /^TUNSETIFF$/,
    hint:
      'a device of this name exists and is none of this kind: ip -details link shows what it is; ' +
      'tap or tun, multiQueue and packetInformation must be as it was made',
  },
  {
    code: 'E2BIG',
    call: /^TUNSETIFF$/,
    hint: 'a device has at most 256 queues, and others may have taken some',
  },
  {
    code: ['EPERM', 'EACCES'],
    call: /^TUNSETIFF$/,
    hint: 'making a device needs CAP_NET_ADMIN in the network namespace: run as root; attaching to a persistent one, its owner or group',
  },
  {
    code: 'ENODEV',
    call: /^SIOCGIFINDEX$/,
    hint: 'there is no such device in this network namespace: ip tuntap list shows those that are',
  },
  { code: 'EBADF', call: /^close$/, hint: 'close() was called on it' },
  {
    code: 'EBADFD',
    call: /^read$/,
    hint: 'somebody has deleted the device (ip link delete): open it anew',
  },
  {
    code: ['EPERM', 'EACCES'],
    call: /^setns$/,
    hint: 'entering another network namespace needs CAP_SYS_ADMIN: run as root',
  },
  {
    code: ['ENOENT', 'ENOTDIR'],
    call: /^open$/,
    object: /namespace|^(tap|tun) /,
    hint: 'ip netns list shows the named ones, which are files in /run/netns',
  },
  {
    code: 'EINVAL',
    call: /^setns$/,
    hint: 'the file is no network namespace: it is one of /run/netns, or /proc/PID/ns/net',
  },
  {
    code: ['EPERM', 'EACCES'],
    hint: 'it needs CAP_NET_ADMIN in the network namespace: run as root, or setcap cap_net_admin+ep',
  },
];

/** The advice for a refusal; undefined when there is none. */
export function hintFor({ code, call, action, object, detail = '' }: Refused): string | undefined {
  return rows.find(
    (row) =>
      (typeof row.code === 'string' ? row.code === code : row.code.includes(code)) &&
      (row.call?.test(call) ?? true) &&
      (row.action?.test(action) ?? true) &&
      (row.object?.test(object) ?? true) &&
      (row.detail?.test(detail) ?? true),
  )?.hint;
}
