// What to do about refusals of what is told of the multicast groups of a bridge.
import type { Hint } from './hint.js';

const call = /^RTM_(NEW|DEL)MDB$/;

export const multicastHints: readonly Hint[] = [
  { code: 'EINVAL', call, detail: /not running/, hint: 'set the bridge up first: host.links.up(BRIDGE)' },
  {
    code: 'EINVAL',
    call,
    detail: /Bridge's multicast processing/,
    hint: 'have it snoop: host.bridges.set(BRIDGE, { multicastSnooping: true }); where nobody turned that off, the kernel did when the table was full (multicastHashMax)',
  },
  {
    code: 'EINVAL',
    call,
    detail: /not a bridge port|different bridge/,
    hint: 'put it into the bridge first: host.bridges.addPort; host.bridges.show() tells what is in which',
  },
  {
    code: 'EINVAL',
    call,
    detail: /disabled state/,
    hint: "set the port up first (host.links.up), or say state: 'permanent'",
  },
  { code: 'EINVAL', call, detail: /permanent L2/, hint: "of a MAC group the state is 'permanent'" },
  {
    code: 'EINVAL',
    call,
    detail: /Flags .* host groups/,
    hint: "of an IP group of the bridge itself the state is 'temporary'",
  },
  {
    code: 'EINVAL',
    call,
    detail: /sources .* host joined/,
    hint: 'the bridge itself gets the frames of all senders: leave out source',
  },
  {
    code: 'EINVAL',
    call,
    detail: /local multicast|all nodes/,
    hint: 'frames to 224.0.0.0/24 and ff02::1 go out of all ports anyway',
  },
  {
    code: 'EINVAL',
    call,
    detail: /vlan/i,
    hint: 'where the bridge snoops each VLAN by itself, a group has one, which the bridge has to be in: host.bridges.vlans.add(BRIDGE, VLAN, { self: true })',
  },
  {
    code: 'EINVAL',
    call: /^RTM_DELMDB$/,
    detail: /^$/,
    hint: 'host.bridges.multicast.list({ bridge, port }) tells which there are: the VLAN and the source of a group are part of it',
  },
  {
    code: 'EEXIST',
    call,
    action: /^replace$/,
    hint: 'Linux replaces groups since 6.3: delete it first',
  },
  {
    code: 'EEXIST',
    call,
    hint: 'the port has it already: replace() changes its state, host.bridges.multicast.list({ bridge, port }) tells it',
  },
  {
    code: 'E2BIG',
    call,
    detail: /max_groups/,
    hint: 'the port may have no more (mcast_max_groups of bridge link): delete others first',
  },
  {
    code: 'E2BIG',
    call,
    hint: 'the table is full, and the bridge has ceased to snoop: host.bridges.set(BRIDGE, { multicastHashMax: 8192, multicastSnooping: true })',
  },
  {
    code: 'EOPNOTSUPP',
    call,
    hint: 'a bridge has multicast groups (host.bridges.show() tells which there are), of a kernel with CONFIG_BRIDGE_IGMP_SNOOPING',
  },
];
