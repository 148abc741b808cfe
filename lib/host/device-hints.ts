// What to do about refusals of TAP and TUN devices, of programs for them, and of network namespaces.
import type { Hint } from './hint.js';

export const deviceHints: readonly Hint[] = [
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
    code: 'EINVAL',
    call: /^TUNSETIFF$/,
    detail: /^its other queues/,
    hint: 'open it as the others were opened: with packetInformation or without, with an offload (split or raw) or without',
  },
  {
    code: 'EINVAL',
    call: /^TUNSETIFF$/,
    hint:
      'a device of this name exists and is none of this kind: ip -details link shows what it is; ' +
      'tap or tun, multiQueue and packetInformation must be as it was made',
  },
  {
    code: 'ENOTTY',
    call: /^TUNSETIFF$/,
    hint: 'what stands at /dev/net/tun is another file: rm /dev/net/tun && mknod -m 666 /dev/net/tun c 10 200',
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
    code: 'ENOBUFS',
    call: /^watch$/,
    hint: 'changes came faster than the loop took them: give it a larger buffer, and begin anew with what there is now',
  },
  {
    code: 'ENODEV',
    call: /^SIOCGIFINDEX$/,
    hint: 'there is no such device in this network namespace: ip tuntap list shows those that are',
  },
  {
    code: 'EFAULT',
    call: /^write$/,
    detail: /^there are no such frames/,
    hint: 'count and from are whole numbers, and offsets and lengths have from + count numbers at least; nothing was written',
  },
  {
    code: 'EFAULT',
    call: /^write$/,
    hint: 'offsets and lengths are in bytes, from the beginning of the slab; nothing was written',
  },
  {
    code: 'EBADF',
    call: /^close$/,
    hint: 'it was closed, by close() or because the device was lost: open it anew',
  },
  {
    code: 'EINVAL',
    call: /^write$/,
    detail: /^its memory /,
    hint: 'write what somebody else is to have before it is transferred, or a copy of it',
  },
  {
    code: 'EINVAL',
    call: /^write$/,
    hint: 'a frame has its whole Ethernet header of 14 bytes, a packet of a TUN device its IP header, and both what stands before them (prefixLength)',
  },
  {
    code: 'EBADFD',
    call: /^(read|write|TUN[A-Z]+|SIOC[A-Z]+)$/,
    hint: 'somebody has deleted the device (ip link delete): open it anew',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^SIOCSIFHWADDR$/,
    hint: 'a tun has no MAC address: what it carries are IP packets; a tap has one',
  },
  {
    code: 'EADDRNOTAVAIL',
    call: /^SIOCSIFHWADDR$/,
    hint: 'no device has an address of all zeros: give it one as in 52:54:00:12:34:56',
  },
  {
    code: 'EINVAL',
    call: /^TUNATTACHFILTER$/,
    object: /^tun /,
    hint: 'a tun takes no classic program, however right it is: give it an eBPF one as ebpfFilter; a tap takes both',
  },
  {
    code: 'EINVAL',
    call: /^TUNATTACHFILTER$/,
    hint: 'the kernel takes no such program of classic BPF: it has 1 to 4096 instructions, ends with a return, and jumps to none that is not there',
  },
  {
    code: 'EEXIST',
    object: /^network namespace /,
    call: /^open$/,
    hint: 'host.namespaces.list() tells which have names; where it is none of those, who named it was killed meanwhile: host.namespaces.delete frees the name',
  },
  {
    code: 'EEXIST',
    call: /^RTM_NEWNSID$/,
    hint: 'it has an id already, or another one has this: host.namespaces.list() tells; an id stays as long as the namespace',
  },
  {
    code: 'ENOENT',
    call: /^umount2$/,
    hint: 'host.namespaces.list() tells which have names',
  },
  {
    code: 'ENOSPC',
    call: /^unshare$/,
    hint: 'there are as many network namespaces as may be: sysctl user.max_net_namespaces',
  },
  {
    code: ['EPERM', 'EACCES', 'EROFS'],
    action: /^(create|name|delete)$/,
    object: /^network namespace /,
    hint: 'names of network namespaces are mounts in /run/netns, which take CAP_SYS_ADMIN: run as root; in a container, as a privileged one',
  },
  {
    code: ['EPERM', 'EACCES'],
    call: /^setns$/,
    hint: 'entering another network namespace needs CAP_SYS_ADMIN: run as root',
  },
  {
    code: ['EPERM', 'EACCES'],
    call: /^open$/,
    hint: 'the namespace of a process is open to those who may trace it: run as root, or have root name it first: host.namespaces.attach',
  },
  {
    code: ['ENOENT', 'ENOTDIR'],
    call: /^open$/,
    object: /namespace|^(tap|tun) /,
    hint: 'host.namespaces.list() tells the named ones, which are files in /run/netns',
  },
  {
    code: 'EINVAL',
    call: /^setns$/,
    hint: 'the file is no network namespace: it is one of /run/netns, or /proc/PID/ns/net',
  },
  {
    code: 'ENOSYS',
    call: /^BPF_PROG_LOAD$/,
    hint: 'this kernel has no eBPF (CONFIG_BPF_SYSCALL), or a seccomp profile keeps bpf(2) away: filter takes a classic program',
  },
  {
    code: 'EPERM',
    call: /^BPF_PROG_LOAD$/,
    hint: 'loading a program needs CAP_BPF (CAP_SYS_ADMIN before Linux 5.8): run as root, or give the descriptor of one that is loaded',
  },
  {
    code: ['EACCES', 'EINVAL', 'E2BIG', 'EFAULT'],
    call: /^BPF_PROG_LOAD$/,
    hint: 'the verifier refuses the program; its log ends with the reason, and what it looked at before',
  },
  {
    code: ['EBADF', 'EINVAL'],
    call: /^TUNSET(STEERING|FILTER)EBPF$/,
    hint: 'the descriptor has to be of a loaded program of the type BPF_PROG_TYPE_SOCKET_FILTER, on Linux 4.16 or newer',
  },
];
