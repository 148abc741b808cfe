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
    code: ['EPERM', 'EACCES'],
    call: /^setns$/,
    hint: 'entering another network namespace needs CAP_SYS_ADMIN: run as root',
  },
  {
    code: ['ENOENT', 'ENOTDIR'],
    call: /^open$/,
    object: /namespace/,
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
