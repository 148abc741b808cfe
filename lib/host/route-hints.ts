// What to do about refusals of routes and rules, and where no route is found.
import type { Hint } from './hint.js';

export const routeHints: readonly Hint[] = [
  {
    code: 'EOPNOTSUPP',
    detail: /^this kernel has no .* of rules$/,
    hint: 'it would take the rule for one without it; Linux has dscp since 6.13, flowLabel since 6.14, masks of both and of ports since 6.15: tos, or a mark that netfilter sets, do for older ones',
  },
  {
    code: 'ENETUNREACH',
    action: /^find$/,
    object: /^route/,
    hint: "none leads there: host.routes.list({ table: 'all' }) tells which there are; a packet from an address that is none of this machine's has come by a link: say input",
  },
  {
    code: 'EHOSTUNREACH',
    action: /^find$/,
    object: /^route/,
    hint: "the route that leads there is of the type unreachable (EHOSTUNREACH): host.routes.list({ table: 'all' }) tells which; or the packet came by a link (input), and this machine forwards none: sysctl net.ipv4.ip_forward=1",
  },
  {
    code: ['EINVAL', 'EACCES'],
    action: /^find$/,
    object: /^route/,
    hint: "the route that leads there is of the type blackhole (EINVAL) or prohibit (EACCES): host.routes.list({ table: 'all' }) tells which",
  },
  {
    code: ['ENODEV', 'EINVAL'],
    object: /^route/,
    detail: /^(Nexthop device required for onlink|Egress device not specified)$/,
    hint: 'a gateway with onLink, and one of fe80::/10, may be on every link: say the device that leads to it',
  },
  {
    code: ['ENETUNREACH', 'EHOSTUNREACH'],
    object: /^route/,
    hint: 'the gateway is in no subnet of a link that is up: add an address first, or say onLink: true with the device',
  },
  {
    code: 'ENETDOWN',
    object: /^route/,
    hint: 'the link is down: host.links.up',
  },
];
