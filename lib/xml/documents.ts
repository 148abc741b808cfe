// The documents that this library knows, by kind.

import type { XmlElement } from '@rgrove/parse-xml';
import { type DomainDocument, domain } from './domain/domain.js';
import { show } from './fault.js';
import { type HostInterfaceDocument, hostInterface } from './host-interface/host-interface.js';
import { type DomainInterfaceDocument, domainInterface } from './interface/interface.js';
import { type NetworkDocument, network } from './network/network.js';
import { type NetworkPortDocument, networkPort } from './network-port/network-port.js';
import { type NodeDeviceDocument, nodeDevice } from './node-device/node-device.js';
import { type FilterDocument, nwfilter } from './nwfilter/filter.js';
import { type FilterBindingDocument, nwfilterBinding } from './nwfilter-binding/binding.js';
import { readDocument } from './read.js';
import type { Document } from './schema.js';
import { readSpliced } from './splice/read.js';
import { writeSpliced } from './splice/write.js';
import { nearest } from './suggest.js';
import { type Untyped, untypedOf } from './untyped.js';
import { writeDocument } from './write.js';

/** The schema of each kind of document. */
export const documents = {
  network,
  networkPort,
  domain,
  domainInterface,
  nwfilter,
  nwfilterBinding,
  hostInterface,
  nodeDevice,
} as const;

/** Any document that this library knows; `kind` tells which. */
export type AnyDocument =
  | NetworkDocument
  | NetworkPortDocument
  | DomainDocument
  | DomainInterfaceDocument
  | FilterDocument
  | FilterBindingDocument
  | HostInterfaceDocument
  | NodeDeviceDocument;

/** The schema of a document by its `kind`. Throws a `TypeError` when it has none that is known. */
export const schemaOf = (document: unknown): Document<unknown> => {
  const kind =
    typeof document === 'object' && document !== null && 'kind' in document ? document.kind : undefined;
  const known: { readonly [kind: string]: Document<unknown> } = documents;
  if (typeof kind === 'string' && Object.hasOwn(known, kind)) return known[kind] as Document<unknown>;
  const kinds = Object.keys(documents);
  if (kind === undefined)
    throw new TypeError(`kind: ${show(document)} has none; a document has one of ${kinds.join(', ')}`);
  const meant = typeof kind === 'string' ? nearest(kind, kinds) : undefined;
  throw new TypeError(
    `kind: ${show(kind)} is not one of ${kinds.join(', ')}${meant ? `; is ${meant} meant?` : ''}`,
  );
};

/** Reads a text as a document of a kind; `root` is the text's root when it has been parsed already. */
export const readAs = <T>(schema: Document<T>, text: string, root?: XmlElement): T =>
  schema.spliced ? readSpliced(schema, text, root) : readDocument(schema, text, root);

/** The text of a document of a kind. */
export const writeAs = <T>(schema: Document<T>, value: T): string =>
  schema.spliced ? writeSpliced(schema, value) : writeDocument(schema, value);

/**
 * Reads the XML of a network, as `virsh net-dumpxml` prints it or a person wrote it.
 *
 * What the schema does not know (elements, attributes, namespaces and comments of others, values that cannot be read)
 * stays with the document and is written again where it was, and so it does with copies made by spreading. Copies by
 * JSON or `structuredClone` lose it without a word: they have the typed fields alone, and look like a document that was
 * made by hand. {@link untyped} lists what they lack, comments apart; to keep or send a document, take the text of
 * {@link toXML}.
 *
 * Throws an `XmlError` with line and column when the text is not well-formed, is no `<network>` with a name, has a
 * DTD, is longer than 4 MiB or nested deeper than 256 elements.
 *
 * ```ts
 * const doc = parseNetwork(`<network>
 *   <name>lab</name>
 *   <ip address='10.0.0.1' prefix='24'/>
 * </network>`);
 * doc.ips?.[0]?.prefix; // 24
 * toXML({ ...doc, mtu: { size: 9000 } }); // the same with <mtu size='9000'/>
 * ```
 *
 * @see https://libvirt.org/formatnetwork.html
 */
export const parseNetwork = (text: string): NetworkDocument => readDocument(network, text);

/**
 * Reads the XML of a port of a virtual network, as `virNetworkPortGetXMLDesc` gives it. Keeps what it does not know,
 * but not in copies by JSON or `structuredClone`, and throws, as {@link parseNetwork} does.
 *
 * ```ts
 * const port = parseNetworkPort(xml);
 * port.owner.name; // 'guest1'
 * if (port.plug?.type === 'bridge') port.plug.bridge; // 'virbr0'
 * ```
 *
 * @see https://libvirt.org/formatnetworkport.html
 */
export const parseNetworkPort = (text: string): NetworkPortDocument => readDocument(networkPort, text);

/**
 * Reads the XML of a guest, as `virsh dumpxml` prints it or a person wrote it: what names the guest, and its NICs, each
 * a document of its own. All the rest is kept byte for byte, with its comments, quotes, blanks and line ends:
 * {@link toXML} gives the very text back. A NIC, or another field, that was changed is written where it stood, as
 * its surroundings are indented; an added NIC behind the last; a removed one goes with its line.
 *
 * Copies made by spreading keep the text. Copies by JSON or `structuredClone` lose it without a word: they have the
 * typed fields alone, as a document made by hand does. Written, they are a domain of nothing but these, without memory,
 * disks and all other devices. To keep or send a document, take the text of {@link toXML}.
 *
 * Throws as {@link parseNetwork} does.
 *
 * ```ts
 * const doc = parseDomain(xml);
 * const nics = doc.nics.map((nic) => (nic.type === 'network' ? { ...nic, mtu: { size: 9000 } } : nic));
 * toXML({ ...doc, nics: [...nics, parseInterface("<interface type='bridge'><source bridge='br0'/></interface>")] });
 * ```
 *
 * @see https://libvirt.org/formatdomain.html
 */
export const parseDomain = (text: string): DomainDocument => readAs(domain, text);

/**
 * Reads the XML of a NIC, as it stands among the devices of a domain. `type` tells what else it has. Keeps what it does
 * not know, but not in copies by JSON or `structuredClone`, and throws, as {@link parseNetwork} does.
 *
 * ```ts
 * const nic = parseInterface(`<interface type='direct'>
 *   <mac address='52:54:00:5d:c7:9e'/>
 *   <source dev='eth0' mode='bridge'/>
 *   <model type='virtio'/>
 * </interface>`);
 * if (nic.type === 'direct') nic.source.mode; // 'bridge'
 * toXML({ ...nic, link: { state: 'down' } }); // the same with <link state='down'/>
 * ```
 *
 * @see https://libvirt.org/formatdomain.html#network-interfaces
 */
export const parseInterface = (text: string): DomainInterfaceDocument => readDocument(domainInterface, text);

/**
 * Reads the XML of a network filter, as `virsh nwfilter-dumpxml` prints it or a person wrote it. Its rules and its
 * references to other filters are in one list, in their order.
 *
 * Keeps what it does not know, but not in copies by JSON or `structuredClone`, and throws, as {@link parseNetwork}
 * does.
 *
 * ```ts
 * const doc = parseFilter(`<filter name='no-smtp'>
 *   <rule action='drop' direction='out'><tcp dstportstart='25'/></rule>
 *   <filterref filter='clean-traffic'/>
 * </filter>`);
 * doc.entries; // [{ action: 'drop', direction: 'out', tcp: { dstPortStart: 25 } }, { filter: 'clean-traffic' }]
 * ```
 *
 * @see https://libvirt.org/formatnwfilter.html
 */
export const parseFilter = (text: string): FilterDocument => readDocument(nwfilter, text);

/**
 * Reads the XML of a filter's binding to a port, as `virsh nwfilter-binding-dumpxml` prints it.
 *
 * Keeps what it does not know, but not in copies by JSON or `structuredClone`, and throws, as {@link parseNetwork}
 * does.
 *
 * ```ts
 * const doc = parseFilterBinding(`<filterbinding>
 *   <owner><name>vm1</name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner>
 *   <portdev name='vnet0'/>
 *   <mac address='52:54:00:7b:35:93'/>
 *   <filterref filter='clean-traffic'><parameter name='IP' value='10.0.0.5'/></filterref>
 * </filterbinding>`);
 * doc.filterRef.filter; // 'clean-traffic'
 * ```
 *
 * @see https://libvirt.org/formatnwfilter.html
 */
export const parseFilterBinding = (text: string): FilterBindingDocument =>
  readDocument(nwfilterBinding, text);

/**
 * Reads the XML of an interface of the host, as `virsh iface-dumpxml` prints it or a person wrote it: a NIC, bridge,
 * bond or VLAN, told apart by `type`.
 *
 * Keeps what the schema does not know, but not in copies by JSON or `structuredClone`, and throws, as
 * {@link parseNetwork} does.
 *
 * ```ts
 * const doc = parseHostInterface(`<interface type='bridge' name='br0'>
 *   <start mode='onboot'/>
 *   <bridge stp='off'>
 *     <interface type='ethernet' name='eth0'/>
 *   </bridge>
 * </interface>`);
 * if (doc.type === 'bridge') doc.bridge.interfaces?.[0]?.name; // eth0
 * ```
 *
 * @see https://libvirt.org/html/libvirt-libvirt-interface.html
 */
export const parseHostInterface = (text: string): HostInterfaceDocument => readDocument(hostInterface, text);

/**
 * Reads the XML of a device of the host, as `virsh nodedev-dumpxml` prints it or a person wrote it. What the device
 * is stands in its capabilities, told apart by `type`.
 *
 * Keeps what the schema does not know, but not in copies by JSON or `structuredClone`, and throws, as
 * {@link parseNetwork} does.
 *
 * ```ts
 * const doc = parseNodeDevice(`<device>
 *   <name>net_eth0_00_27_13_6a_fe_00</name>
 *   <capability type='net'>
 *     <interface>eth0</interface>
 *     <link speed='1000' state='up'/>
 *   </capability>
 * </device>`);
 * for (const capability of doc.capabilities ?? [])
 *   if (capability.type === 'net') capability.link?.speed; // 1000
 * ```
 *
 * @see https://libvirt.org/formatnode.html
 */
export const parseNodeDevice = (text: string): NodeDeviceDocument => readDocument(nodeDevice, text);

/**
 * Writes a document as libvirt prints it: fields in libvirt's order, two blanks an indent, attributes in single
 * quotes, a line end at the end. A domain that was read is its text with what was changed in place
 * ({@link parseDomain}). Of a copy by JSON or `structuredClone` only the typed fields are written
 * ({@link parseNetwork}).
 *
 * Throws a `TypeError` or `RangeError` that begins with the path of the field when a value cannot stand there, a
 * required field is missing, or there is no such field: `ips[0].prefix: 129 is not a whole number from 0 to 128`.
 *
 * ```ts
 * toXML({ kind: 'network', name: 'lab', bridge: { name: 'virbr7', stp: true, delay: 0 } });
 * // <network>
 * //   <name>lab</name>
 * //   <bridge name='virbr7' stp='on' delay='0'/>
 * // </network>
 * ```
 */
export const toXML = (document: AnyDocument): string => writeAs(schemaOf(document), document);

/**
 * Lists what a document that was read keeps without typing it: attributes, elements and texts that its schema does
 * not know or cannot read, each with its path. Comments and namespace declarations are not listed.
 *
 * ```ts
 * untyped(parseNetwork(`<network><name>lab</name><bridge name='br0' colour='red'/></network>`));
 * // [{ path: 'network/bridge/@colour', text: 'red' }]
 * ```
 */
export const untyped = (document: AnyDocument): readonly Untyped[] => untypedOf(schemaOf(document), document);
