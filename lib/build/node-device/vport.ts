// Virtual ports of Fibre Channel (NPIV). https://wiki.libvirt.org/NPIV_in_libvirt.html
import type { NodeDeviceDocument, NodeDeviceParent } from '../../xml/index.js';
import { wwn as wwnCodec } from '../../xml/node-device/common.js';
import { deepFreeze } from '../freeze.js';
import { line } from '../names.js';
import { present } from '../present.js';
import { coded, needed, type Reader, record } from '../reader.js';

/** A port of Fibre Channel by its world wide names. */
export interface VportPort {
  /** The node's world wide name: 16 hexadecimal digits. */
  wwnn: string;
  /** The port's world wide name: 16 hexadecimal digits. */
  wwpn: string;
}

/** Any adapter of a fabric. */
export interface VportFabric {
  /** The fabric's world wide name: 16 hexadecimal digits. */
  fabricWwn: string;
}

/** A virtual port of a host bus adapter. */
export interface VportOptions {
  /** The adapter: the name of its node device, the world wide names of its port, or that of its fabric. */
  parent: string | VportPort | VportFabric;
  /** The new node's world wide name. Default: libvirt makes one up. */
  wwnn?: string;
  /** The new port's world wide name. Default: libvirt makes one up. */
  wwpn?: string;
}

const wwn = coded(wwnCodec);

const port = record<VportPort>()('a port of Fibre Channel', { wwnn: needed(wwn), wwpn: needed(wwn) });
const fabric = record<VportFabric>()('a fabric', { fabricWwn: needed(wwn) });

const parent: Reader<NodeDeviceParent> = (value, path) => {
  if (typeof value === 'string') return { name: line(value, path) };
  return typeof value === 'object' && value !== null && 'fabricWwn' in value
    ? fabric(value, path)
    : port(value, path);
};

const read = record<VportOptions>()('a virtual port', { parent: needed(parent), wwnn: wwn, wwpn: wwn });

/**
 * A virtual port of a host bus adapter (NPIV), for `virNodeDeviceCreateXML`.
 *
 * @example
 * ```ts
 * build.nodeDevice.vport({ parent: 'scsi_host3' })
 * ```
 * ```xml
 * <device>
 *   <parent>scsi_host3</parent>
 *   <capability type='scsi_host'>
 *     <capability type='fc_host'/>
 *   </capability>
 * </device>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `parent.wwpn: 123 is not …`
 * @see https://wiki.libvirt.org/NPIV_in_libvirt.html
 */
export const vport = (options: VportOptions): NodeDeviceDocument => {
  const { parent, wwnn, wwpn } = read(options, '');
  if ((wwnn === undefined) !== (wwpn === undefined)) {
    const [there, missing] = wwnn === undefined ? ['wwpn', 'wwnn'] : ['wwnn', 'wwpn'];
    throw new TypeError(`${missing}: missing; a virtual port that has ${there} must have it`);
  }
  return deepFreeze({
    kind: 'nodeDevice',
    parent,
    capabilities: [{ type: 'scsi_host', capabilities: [{ type: 'fc_host', ...present({ wwnn, wwpn }) }] }],
  });
};
