// <capability type='storage'>: a block device of the host. https://libvirt.org/formatnode.html#storage
import { bigInteger, oneOf, oneZero, string } from '../codec.js';
import { attribute, element, type Infer, many, required, text, typed, union } from '../schema.js';

const bytes = bigInteger(0n, 2n ** 64n - 1n);

const blocks = {
  /** `<logical_block_size>512</logical_block_size>`: bytes. */
  logicalBlockSize: text('logical_block_size', bytes),
  /** `<num_blocks>1953525168</num_blocks>` */
  numBlocks: text('num_blocks', bytes),
};

const removableElement = element('capability', {
  /** `<capability type='removable'>` */
  type: required(attribute('type', oneOf('removable'))),
  /** `<media_available>1</media_available>`: whether there is a medium in the drive. */
  mediaAvailable: required(text('media_available', oneZero)),
  /** `<media_size>0</media_size>`: bytes. */
  mediaSize: required(text('media_size', bytes)),
  /** `<media_label>Backup</media_label>` */
  mediaLabel: text('media_label', string),
  ...blocks,
});

/** `<capability type='removable'>…</capability>`: the drive's medium can be taken out. */
export interface RemovableCapability extends Infer<typeof removableElement> {}

const hotpluggableElement = element('capability', {
  /** `<capability type='hotpluggable'>` */
  type: required(attribute('type', oneOf('hotpluggable'))),
});

/** `<capability type='hotpluggable'/>`: the drive itself can be taken out. */
export interface HotpluggableCapability extends Infer<typeof hotpluggableElement> {}

const storageElement = element('capability', {
  /** `<capability type='storage'>` */
  type: required(attribute('type', oneOf('storage'))),
  /** `<block>/dev/sda</block>` */
  block: required(text('block', string)),
  /** `<bus>ata</bus>` */
  bus: text('bus', string),
  /** `<drive_type>disk</drive_type>` */
  driveType: text('drive_type', string),
  /** `<model>ST31000524AS</model>` */
  model: text('model', string),
  /** `<vendor>ATA</vendor>` */
  vendor: text('vendor', string),
  /** `<serial>ST31000524AS_9VPFFJPS</serial>` */
  serial: text('serial', string),
  /** `<size>1000204886016</size>`: bytes; a removable medium has `mediaSize` instead. */
  size: text('size', bytes),
  ...blocks,
  /** `<capability type='hotpluggable'/>` */
  capabilities: many(
    typed<RemovableCapability | HotpluggableCapability>(
      union('type', [removableElement, hotpluggableElement]),
    ),
  ),
});

/** `<capability type='storage'>…</capability>`: a block device. */
export interface StorageCapability extends Infer<typeof storageElement> {}

/** `<capability type='storage'>…</capability>` */
export const storage = typed<StorageCapability>(storageElement);
