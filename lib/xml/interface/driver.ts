// <driver> of a NIC: what in the host moves its frames, and which work it takes from the guest.
// https://libvirt.org/formatdomain.html#setting-nic-driver-specific-options
import { integer, oneOf, onOff, string, yesNo } from '../codec.js';
import { absent, attribute, element, type Infer, one, required, since, typed, union } from '../schema.js';

const count = integer(1, 0xffffffff);

const hostElement = element('host', {
  /** `<host csum='off'>`: checksums. */
  csum: attribute('csum', onOff),
  /** `<host gso='off'>`: any segmentation. */
  gso: attribute('gso', onOff),
  /** `<host tso4='off'>`: segmentation of TCP over IPv4. */
  tso4: attribute('tso4', onOff),
  /** `<host tso6='off'>`: segmentation of TCP over IPv6. */
  tso6: attribute('tso6', onOff),
  /** `<host ecn='off'>`: segmentation of TCP with congestion notification. */
  ecn: attribute('ecn', onOff),
  /** `<host ufo='off'>`: fragmentation of UDP. */
  ufo: attribute('ufo', onOff),
  /** `<host mrg_rxbuf='off'>`: receive buffers that are joined for a long frame. */
  mergeableRxBuffers: attribute('mrg_rxbuf', onOff),
});

/** `<host csum='off' gso='off' tso4='off' tso6='off' ecn='off' ufo='off' mrg_rxbuf='off'/>`: what the host does for the guest. */
export interface HostOffloads extends Infer<typeof hostElement> {}

const guestElement = element('guest', {
  /** `<guest csum='off'>`: frames without checksums. */
  csum: attribute('csum', onOff),
  /** `<guest tso4='off'>`: unsegmented TCP over IPv4. */
  tso4: attribute('tso4', onOff),
  /** `<guest tso6='off'>`: unsegmented TCP over IPv6. */
  tso6: attribute('tso6', onOff),
  /** `<guest ecn='off'>`: unsegmented TCP with congestion notification. */
  ecn: attribute('ecn', onOff),
  /** `<guest ufo='off'>`: unfragmented UDP. */
  ufo: attribute('ufo', onOff),
});

/** `<guest csum='off' tso4='off' tso6='off' ecn='off' ufo='off'/>`: what the guest takes from the host. */
export interface GuestOffloads extends Infer<typeof guestElement> {}

const hostdev = {
  /** `<driver name='vfio' model='mlx5_vfio_pci'>`: the VFIO variant driver of the device. */
  model: since('10.0.0', attribute('model', string)),
  /** `<driver name='vfio' iommufd='yes'>`: hand the device over through iommufd. */
  iommufd: since('12.1.0', attribute('iommufd', yesNo)),
};

const backend = {
  /** `<driver txmode='iothread'>`: who sends: a thread of its own (`iothread`) or a timer. */
  txMode: attribute('txmode', oneOf('iothread', 'timer')),
  /** `<driver ioeventfd='on'>`: I/O of the guest is handled by a thread of its own. */
  ioEventFd: attribute('ioeventfd', onOff),
  /** `<driver event_idx='off'>`: fewer interrupts and exits, at the device's choice. */
  eventIdx: attribute('event_idx', onOff),
  /** `<driver queues='5'>`: pairs of queues, each for a processor of the guest. */
  queues: attribute('queues', count),
  /** `<driver rx_queue_size='256'>`: a power of two, 256 to 1024. */
  rxQueueSize: attribute('rx_queue_size', count),
  /** `<driver tx_queue_size='256'>`: a power of two, 256 to 1024; vhost-user only. */
  txQueueSize: attribute('tx_queue_size', count),
};

const virtio = {
  /** `<driver rss='on'>`: spread received frames over the queues by a hash. */
  rss: attribute('rss', onOff),
  /** `<driver rss_hash_report='on'>`: tell the guest the hash. */
  rssHashReport: attribute('rss_hash_report', onOff),
  /** `<driver iommu='on'>`: the device is behind the guest's IOMMU. */
  iommu: attribute('iommu', onOff),
  /** `<driver ats='on'>`: address translation service of PCIe. */
  ats: attribute('ats', onOff),
  /** `<driver packed='on'>`: packed virtqueues. */
  packed: attribute('packed', onOff),
  /** `<driver page_per_vq='on'>`: a page of its own for each queue's notifications. */
  pagePerVq: attribute('page_per_vq', onOff),
  /** `<host csum='off' gso='off'/>`: what the host does for the guest. */
  host: one(typed<HostOffloads>(hostElement)),
  /** `<guest csum='off' tso4='off'/>`: what the guest takes from the host. */
  guest: one(typed<GuestOffloads>(guestElement)),
};

const hostdevElement = element('driver', {
  /** `<driver name='vfio'>`: what hands the host's device to the guest. */
  name: required(attribute('name', oneOf('kvm', 'vfio', 'xen'))),
  ...hostdev,
  ...virtio,
});

/** `<driver name='vfio'/>`: what hands a device of the host to the guest. */
export interface HostdevDriver extends Infer<typeof hostdevElement> {}

const virtioElement = element('driver', {
  /** `<driver name='vhost'>`: frames are moved by the kernel (`vhost`) or by QEMU (`qemu`). */
  name: required(attribute('name', oneOf('qemu', 'vhost'))),
  ...backend,
  ...virtio,
});

/** `<driver name='vhost' queues='5'><host gso='off'/></driver>`: what moves the frames of a virtio NIC, and how. */
export interface VirtioDriver extends Infer<typeof virtioElement> {}

const unnamedElement = element('driver', {
  /** `<driver>`: without a name. */
  name: absent(),
  ...hostdev,
  ...backend,
  ...virtio,
});

/** `<driver queues='5'>`: options of the driver that libvirt picks: vhost where there is one, or VFIO. */
export interface UnnamedDriver extends Infer<typeof unnamedElement> {}

/** `<driver name='vhost' queues='5'>…</driver>`: what in the host moves a NIC's frames, told apart by `name`. */
export type NicDriver = HostdevDriver | VirtioDriver | UnnamedDriver;

/** `<driver name='…'>` */
export const driver = typed<NicDriver>(union('name', [hostdevElement, virtioElement], unnamedElement));
