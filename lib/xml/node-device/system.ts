// <capability type='system'>, 'drm' and 'mdev': the host as a whole, its graphics and its mediated devices.
// https://libvirt.org/formatnode.html#system
import { oneOf, string, uuid } from '../codec.js';
import { attribute, element, type Infer, many, one, required, text, typed } from '../schema.js';
import { unsigned } from './common.js';

const hardwareElement = element('hardware', {
  /** `<vendor>LENOVO</vendor>` */
  vendor: text('vendor', string),
  /** `<version>ThinkPad T61</version>` */
  version: text('version', string),
  /** `<serial>L3B2616</serial>` */
  serial: text('serial', string),
  /** `<uuid>97e80381-494f-11cb-8e0e-cbc168f7d753</uuid>` */
  uuid: required(text('uuid', uuid)),
});

/** `<hardware>…</hardware>`: the machine. */
export interface SystemHardware extends Infer<typeof hardwareElement> {}

const firmwareElement = element(
  'firmware',
  {
    /** `<vendor>LENOVO</vendor>` */
    vendor: text('vendor', string),
    /** `<version>7LET51WW (1.21 )</version>` */
    version: text('version', string),
    /** `<release_date>08/22/2007</release_date>` */
    releaseDate: text('release_date', string),
  },
  { open: true },
);

/** `<firmware>…</firmware>`: what starts the machine. */
export interface SystemFirmware extends Infer<typeof firmwareElement> {}

const systemElement = element('capability', {
  /** `<capability type='system'>` */
  type: required(attribute('type', oneOf('system'))),
  /** `<product>7659001</product>` */
  product: text('product', string),
  /** `<hardware>…</hardware>` */
  hardware: required(one(typed<SystemHardware>(hardwareElement))),
  /** `<firmware>…</firmware>` */
  firmware: required(one(typed<SystemFirmware>(firmwareElement))),
});

/** `<capability type='system'>…</capability>`: the host as a whole. */
export interface SystemCapability extends Infer<typeof systemElement> {}

/** `<capability type='system'>…</capability>` */
export const system = typed<SystemCapability>(systemElement);

const drmElement = element('capability', {
  /** `<capability type='drm'>` */
  type: required(attribute('type', oneOf('drm'))),
  /** `<type>render</type>`: what the node can be used for. */
  nodeType: required(text('type', oneOf('primary', 'control', 'render'))),
});

/** `<capability type='drm'>…</capability>`: a node of the direct rendering manager. */
export interface DrmCapability extends Infer<typeof drmElement> {}

/** `<capability type='drm'>…</capability>` */
export const drm = typed<DrmCapability>(drmElement);

const mediatedElement = element('capability', {
  /** `<capability type='mdev'>` */
  type: required(attribute('type', oneOf('mdev'))),
  /** `<type id='i915-GVTg_V5_8'/>` */
  mediatedType: required(
    one(
      element('type', {
        /** `<type id='i915-GVTg_V5_8'/>`: one of the types that the parent makes. */
        id: required(attribute('id', string)),
      }),
    ),
  ),
  /** `<uuid>4b20d080-1b54-4048-85b3-a6a62d165c01</uuid>`: libvirt makes one up when it is left out. */
  uuid: text('uuid', uuid),
  /** `<parent_addr>0000:00:02.0</parent_addr>`: the parent's address on its bus. */
  parentAddr: text('parent_addr', string),
  /** `<iommuGroup number='12'/>` */
  iommuGroup: one(
    element('iommuGroup', {
      /** `<iommuGroup number='12'/>` */
      number: required(attribute('number', unsigned)),
    }),
  ),
  /** `<attr name='assign_adapter' value='0x05'/>`: settings of the type's own, in the order in which they are made. */
  attrs: many(
    element('attr', {
      /** `<attr name='assign_adapter'>` */
      name: required(attribute('name', string)),
      /** `<attr value='0x05'>` */
      value: required(attribute('value', string)),
    }),
  ),
});

/** `<capability type='mdev'>…</capability>`: a mediated device, a share of its parent. */
export interface MediatedDeviceCapability extends Infer<typeof mediatedElement> {}

/** `<capability type='mdev'>…</capability>` */
export const mediatedDevice = typed<MediatedDeviceCapability>(mediatedElement);
