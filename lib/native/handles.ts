// References to libvirt's objects as the addon gives them out: opaque, and told apart by type.

declare const type: unique symbol;

interface Handle<Name extends string> {
  readonly [type]: Name;
}

export type Connect = Handle<'Connect'>;
export type Network = Handle<'Network'>;
export type NetworkPort = Handle<'NetworkPort'>;
