// SCSI in node devices: host bus adapters with their Fibre Channel ports, targets, units and generic devices.
// https://libvirt.org/formatnode.html#scsi_host
import { bigInteger, oneOf, string } from '../codec.js';
import { attribute, element, type Infer, many, one, required, text, typed, union } from '../schema.js';
import { unsigned, whole, wwn } from './common.js';

const fibreChannelElement = element('capability', {
  /** `<capability type='fc_host'>` */
  type: required(attribute('type', oneOf('fc_host'))),
  /** `<wwnn>20000000c9831b4b</wwnn>`: the node's world wide name; libvirt makes one up for a new port. */
  wwnn: text('wwnn', wwn),
  /** `<wwpn>10000000c9831b4b</wwpn>`: the port's world wide name; libvirt makes one up for a new port. */
  wwpn: text('wwpn', wwn),
  /** `<fabric_wwn>2002000573de9a81</fabric_wwn>`: the fabric's world wide name. */
  fabricWwn: text('fabric_wwn', wwn),
});

/** `<capability type='fc_host'>…</capability>`: the adapter is a port of Fibre Channel. */
export interface FibreChannelCapability extends Infer<typeof fibreChannelElement> {}

const virtualPortsElement = element('capability', {
  /** `<capability type='vport_ops'>` */
  type: required(attribute('type', oneOf('vport_ops'))),
  /** `<max_vports>164</max_vports>`: how many virtual ports there can be. */
  maxVports: text('max_vports', unsigned),
  /** `<vports>5</vports>`: how many there are. */
  vports: text('vports', unsigned),
});

/** `<capability type='vport_ops'>…</capability>`: the adapter can have virtual ports (NPIV). */
export interface VirtualPortsCapability extends Infer<typeof virtualPortsElement> {}

const scsiHostElement = element('capability', {
  /** `<capability type='scsi_host'>` */
  type: required(attribute('type', oneOf('scsi_host'))),
  /** `<host>4</host>`: the adapter's number; a new virtual port has none yet. */
  host: text('host', whole),
  /** `<unique_id>1</unique_id>` */
  uniqueId: text('unique_id', unsigned),
  /** `<capability type='fc_host'>…</capability>` */
  capabilities: many(
    typed<FibreChannelCapability | VirtualPortsCapability>(
      union('type', [fibreChannelElement, virtualPortsElement]),
    ),
  ),
});

/** `<capability type='scsi_host'>…</capability>`: a host bus adapter. */
export interface ScsiHostCapability extends Infer<typeof scsiHostElement> {}

/** `<capability type='scsi_host'>…</capability>` */
export const scsiHost = typed<ScsiHostCapability>(scsiHostElement);

const remotePortElement = element('capability', {
  /** `<capability type='fc_remote_port'>` */
  type: required(attribute('type', oneOf('fc_remote_port'))),
  /** `<rport>rport-0:0-0</rport>` */
  rport: required(text('rport', string)),
  /** `<wwpn>9d73bc45f0e21a86</wwpn>`: the port's world wide name. */
  wwpn: required(text('wwpn', wwn)),
});

/** `<capability type='fc_remote_port'>…</capability>`: the target's port of Fibre Channel. */
export interface RemotePortCapability extends Infer<typeof remotePortElement> {}

const scsiTargetElement = element('capability', {
  /** `<capability type='scsi_target'>` */
  type: required(attribute('type', oneOf('scsi_target'))),
  /** `<target>target0:0:0</target>` */
  target: required(text('target', string)),
  /** `<capability type='fc_remote_port'>…</capability>` */
  capability: one(typed<RemotePortCapability>(remotePortElement)),
});

/** `<capability type='scsi_target'>…</capability>`: what answers on a SCSI bus. */
export interface ScsiTargetCapability extends Infer<typeof scsiTargetElement> {}

/** `<capability type='scsi_target'>…</capability>` */
export const scsiTarget = typed<ScsiTargetCapability>(scsiTargetElement);

const scsiElement = element('capability', {
  /** `<capability type='scsi'>` */
  type: required(attribute('type', oneOf('scsi'))),
  /** `<host>0</host>` */
  host: required(text('host', whole)),
  /** `<bus>0</bus>` */
  bus: required(text('bus', whole)),
  /** `<target>0</target>` */
  target: required(text('target', whole)),
  /** `<lun>0</lun>`: 64 bits. */
  lun: required(text('lun', bigInteger(0n, 2n ** 64n - 1n))),
  /** `<type>disk</type>`: what kind of device it is. */
  deviceType: text('type', string),
});

/** `<capability type='scsi'>…</capability>`: a unit of a SCSI target. */
export interface ScsiCapability extends Infer<typeof scsiElement> {}

/** `<capability type='scsi'>…</capability>` */
export const scsi = typed<ScsiCapability>(scsiElement);

const scsiGenericElement = element('capability', {
  /** `<capability type='scsi_generic'>` */
  type: required(attribute('type', oneOf('scsi_generic'))),
  /** `<char>/dev/sg0</char>` */
  char: required(text('char', string)),
});

/** `<capability type='scsi_generic'>…</capability>`: the character device that passes SCSI commands on. */
export interface ScsiGenericCapability extends Infer<typeof scsiGenericElement> {}

/** `<capability type='scsi_generic'>…</capability>` */
export const scsiGeneric = typed<ScsiGenericCapability>(scsiGenericElement);
