// What the addon gives and takes beside plain values: references to libvirt's objects, opaque and told apart by
// type, and libvirt's typed parameters.

declare const type: unique symbol;

interface Handle<Name extends string> {
  readonly [type]: Name;
}

export type Connect = Handle<'Connect'>;
export type Network = Handle<'Network'>;
export type NetworkPort = Handle<'NetworkPort'>;
export type Interface = Handle<'Interface'>;
export type NWFilter = Handle<'NWFilter'>;
export type NWFilterBinding = Handle<'NWFilterBinding'>;
export type NodeDevice = Handle<'NodeDevice'>;
export type Domain = Handle<'Domain'>;
export type Stream = Handle<'Stream'>;

/** A named value; `type` is a number of virTypedParameterType. */
export type TypedParameter =
  | { readonly field: string; readonly type: 1 | 2 | 5; readonly value: number }
  | { readonly field: string; readonly type: 3 | 4; readonly value: bigint }
  | { readonly field: string; readonly type: 6; readonly value: boolean }
  | { readonly field: string; readonly type: 7; readonly value: string };
