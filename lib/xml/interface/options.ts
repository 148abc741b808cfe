// What NICs of every type have: hardware, link, limits, filters and addresses, in the order in which libvirt
// prints it: `identity`, the type's own <source>, `tags`, the type's <virtualport>, `options`.
// https://libvirt.org/formatdomain.html#network-interfaces
import { integer, macAddress, oneOf, onOff, string, yesNo } from '../codec.js';
import { bandwidth } from '../common/bandwidth.js';
import { filterRef } from '../common/filterref.js';
import { route } from '../common/route.js';
import { vlan } from '../common/vlan.js';
import { attribute, element, type Infer, many, one, required, since, text, typed, union } from '../schema.js';
import { nicAddress } from './address.js';
import { driver } from './driver.js';
import { nicIp } from './ip.js';
import { backend, portForward } from './user.js';

const unsigned = integer(0, 0xffffffff);

const macElement = element('mac', {
  /** `<mac address='52:54:00:5d:c7:9e'>` */
  address: required(attribute('address', macAddress)),
  /** `<mac currentAddress='52:54:00:5d:c7:9f'>`: what the guest has set; libvirt writes it. */
  currentAddress: since('11.2.0', attribute('currentAddress', macAddress)),
  /** `<mac type='static'>`: whether VMware made the address; ESX only. */
  type: attribute('type', oneOf('generated', 'static')),
  /** `<mac check='no'>`: whether VMware looks for addresses used twice; ESX only. */
  check: attribute('check', yesNo),
});

/** `<mac address='52:54:00:5d:c7:9e'/>`: the MAC address that the guest sees. */
export interface NicMac extends Infer<typeof macElement> {}

const targetElement = element('target', {
  /** `<target dev='vnet0'>`: the tap device; names that begin with `vnet` or `macvtap` are libvirt's to give. */
  dev: required(attribute('dev', string)),
  /** `<target dev='tap7' managed='no'>`: the device is there already and stays when the guest ends. */
  managed: attribute('managed', yesNo),
});

/** `<target dev='vnet0' managed='no'/>`: the device on the host. */
export interface NicTarget extends Infer<typeof targetElement> {}

const persistentElement = element('teaming', {
  /** `<teaming type='persistent'>` */
  type: required(attribute('type', oneOf('persistent'))),
});

/** `<teaming type='persistent'/>`: the NIC of a pair that stays during a migration. */
export interface PersistentTeaming extends Infer<typeof persistentElement> {}

const transientElement = element('teaming', {
  /** `<teaming type='transient'>` */
  type: required(attribute('type', oneOf('transient'))),
  /** `<teaming type='transient' persistent='ua-backup0'>`: the alias of the NIC that stays. */
  persistent: required(attribute('persistent', string)),
});

/** `<teaming type='transient' persistent='ua-backup0'/>`: the NIC of a pair that is unplugged during a migration. */
export interface TransientTeaming extends Infer<typeof transientElement> {}

/** `<teaming type='persistent'/>`: the part of a NIC in a pair, told apart by `type`. */
export type Teaming = PersistentTeaming | TransientTeaming;

const bootElement = element('boot', {
  /** `<boot order='1'>`: the lower, the earlier; at least 1. */
  order: required(attribute('order', integer(1, 0xffffffff))),
  /** `<boot order='1' loadparm='2'>`: what the boot loader of an s390 guest gets; one to eight characters. */
  loadParm: attribute('loadparm', string),
});

/** `<boot order='1'/>`: when the guest tries to boot from the NIC. */
export interface DeviceBoot extends Infer<typeof bootElement> {}

const romElement = element('rom', {
  /** `<rom enabled='no'>`: no ROM at all. */
  enabled: attribute('enabled', yesNo),
  /** `<rom bar='off'>`: whether the guest sees the ROM. */
  bar: attribute('bar', onOff),
  /** `<rom file='/etc/fake/boot.bin'>`: an absolute path. */
  file: attribute('file', string),
});

/** `<rom bar='on' file='/etc/fake/boot.bin'/>`: the boot ROM of a PCI device. */
export interface DeviceRom extends Infer<typeof romElement> {}

/** What stands before the type's own elements. */
export const identity = {
  /** `<interface type='network' trustGuestRxFilters='yes'>`: take over the receive filters that the guest asks for. */
  trustGuestRxFilters: attribute('trustGuestRxFilters', yesNo),
  /** `<mac address='52:54:00:5d:c7:9e'/>`: libvirt makes one up when it is left out. */
  mac: one(typed<NicMac>(macElement)),
};

/** What stands between `<source>` and `<virtualport>`. */
export const tags = {
  /** `<vlan><tag id='42'/></vlan>`: the VLANs of the port. */
  vlan: one(vlan),
};

/** What stands after the type's own elements. */
export const options = {
  /** `<bandwidth><inbound average='1000'/></bandwidth>`: how fast traffic may flow. */
  bandwidth: one(bandwidth),
  /** `<port isolated='yes'/>` */
  port: one(
    element('port', {
      /** `<port isolated='yes'/>`: no traffic between this port and others that are isolated. */
      isolated: attribute('isolated', yesNo),
    }),
  ),
  /** `<ip address='192.168.122.5' prefix='24'/>`: addresses in the guest: containers and user networks. */
  ips: many(nicIp),
  /** `<route address='192.168.222.0' prefix='24' gateway='192.168.122.10'/>`: routes in a container. */
  routes: many(route),
  /** `<portForward proto='tcp'><range start='8080' to='80'/></portForward>`: passt only. */
  portForwards: many(portForward),
  /** `<script path='/etc/qemu-ifup'/>`: what sets the device up. */
  script: one(
    element('script', {
      /** `<script path='/etc/qemu-ifup'/>` */
      path: required(attribute('path', string)),
    }),
  ),
  /** `<downscript path='/etc/qemu-ifdown'/>`: what takes the device down. */
  downScript: one(
    element('downscript', {
      /** `<downscript path='/etc/qemu-ifdown'/>` */
      path: required(attribute('path', string)),
    }),
  ),
  /** `<backenddomain name='netvm'/>`: Xen only. */
  backendDomain: one(
    element('backenddomain', {
      /** `<backenddomain name='netvm'/>`: the domain that the backend runs in. */
      name: required(attribute('name', string)),
    }),
  ),
  /** `<target dev='vnet0'/>`: the device on the host. */
  target: one(typed<NicTarget>(targetElement)),
  /** `<guest dev='myeth'/>`: the device in a container. */
  guest: one(
    element('guest', {
      /** `<guest dev='myeth'/>`: its name in the container. */
      dev: attribute('dev', string),
      /** `<guest actual='eth1'/>`: its name as it is; libvirt writes it. */
      actual: attribute('actual', string),
    }),
  ),
  /** `<model type='virtio'/>`: the hardware that the guest sees. */
  model: one(
    element('model', {
      /** `<model type='virtio'/>`: `virtio`, `e1000e`, `rtl8139`, …; what there is, the hypervisor knows. */
      type: required(attribute('type', string)),
    }),
  ),
  /** `<driver name='vhost' queues='5'/>`: what in the host moves the frames. */
  driver: one(driver),
  /** `<backend type='passt' logFile='/var/log/passt.log'/>`: what connects the NIC on the host. */
  backend: one(backend),
  /** `<filterref filter='clean-traffic'/>`: the network filter that traffic passes. */
  filterRef: one(filterRef),
  /** `<tune><sndbuf>1600</sndbuf></tune>` */
  tune: one(
    element('tune', {
      /** `<tune><sndbuf>1600</sndbuf></tune>`: the tap's send buffer in bytes; 0 for no limit. */
      sendBuffer: text('sndbuf', unsigned),
    }),
  ),
  /** `<teaming type='persistent'/>`: the part of the NIC in a pair that survives a migration. */
  teaming: one(typed<Teaming>(union('type', [persistentElement, transientElement]))),
  /** `<link state='down'/>`: whether the cable is plugged in. */
  link: one(
    element('link', {
      /** `<link state='down'/>`: `up` when it is left out. */
      state: required(attribute('state', oneOf('up', 'down'))),
    }),
  ),
  /** `<mtu size='9000'/>` */
  mtu: one(
    element('mtu', {
      /** `<mtu size='9000'/>`: bytes; 0 to 65535. */
      size: required(attribute('size', integer(0, 65535))),
    }),
  ),
  /** `<coalesce><rx><frames max='7'/></rx></coalesce>`: when the host's device interrupts. */
  coalesce: one(
    element('coalesce', {
      /** `<rx><frames max='7'/></rx>` */
      rx: one(
        element('rx', {
          /** `<frames max='7'/>` */
          frames: one(
            element('frames', {
              /** `<frames max='7'/>`: frames to gather before an interrupt. */
              max: attribute('max', unsigned),
            }),
          ),
        }),
      ),
    }),
  ),
  /** `<boot order='1'/>` */
  boot: one(typed<DeviceBoot>(bootElement)),
  /** `<alias name='ua-uplink'/>` */
  alias: one(
    element('alias', {
      /** `<alias name='ua-uplink'/>`: what the device is called in its domain; a user's names begin with `ua-`. */
      name: required(attribute('name', string)),
    }),
  ),
  /** `<rom bar='on' file='/etc/fake/boot.bin'/>` */
  rom: one(typed<DeviceRom>(romElement)),
  /** `<acpi index='4'/>` */
  acpi: one(
    element('acpi', {
      /** `<acpi index='4'/>`: the number that systemd names the device in the guest by: `eno4`. */
      index: attribute('index', unsigned),
      /** `<acpi nodeset='0-1'/>`: the NUMA nodes of the device. */
      nodeSet: since('11.8.0', attribute('nodeset', string)),
    }),
  ),
  /** `<address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>`: where the guest finds it. */
  address: one(nicAddress),
};

const optionsElement = element('interface', { ...identity, ...tags, ...options });

/** What NICs of every type have. */
export interface NicOptions extends Infer<typeof optionsElement> {}
