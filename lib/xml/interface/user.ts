// <backend> and <portForward>: what passt, or a path, makes of a NIC, and which of the host's ports it hands on.
// https://libvirt.org/formatdomain.html#userspace-connection-using-passt
import { ipAddress } from '../address.js';
import { integer, oneOf, string, yesNo } from '../codec.js';
import { attribute, element, type Infer, many, required, since, typed } from '../schema.js';

const port = integer(0, 65535);

const backendElement = element('backend', {
  /** `<backend type='passt'>`: passt instead of QEMU's own user network. */
  type: attribute('type', oneOf('default', 'passt')),
  /** `<backend tap='/dev/net/tun'>`: the device to open taps with. */
  tap: attribute('tap', string),
  /** `<backend vhost='/dev/vhost-net'>`: the device to open vhost with. */
  vhost: attribute('vhost', string),
  /** `<backend type='passt' logFile='/var/log/passt.log'>`: an absolute path. */
  logFile: attribute('logFile', string),
  /** `<backend type='passt' hostname='guest'>`: the host name that passt's DHCP server gives. */
  hostname: since('11.8.0', attribute('hostname', string)),
  /** `<backend type='passt' fqdn='guest.example.com'>`: the full name that passt's DHCP server gives. */
  fqdn: since('11.8.0', attribute('fqdn', string)),
});

/** `<backend type='passt' logFile='/var/log/passt.log'/>`: what connects a NIC on the host. */
export interface NicBackend extends Infer<typeof backendElement> {}

/** `<backend type='…'>` */
export const backend = typed<NicBackend>(backendElement);

const rangeElement = element('range', {
  /** `<range start='8080'>`: the first port of the host. */
  start: required(attribute('start', port)),
  /** `<range start='8080' end='8089'>`: the last one; `start` when it is left out. */
  end: attribute('end', port),
  /** `<range start='8080' to='80'>`: the guest's port of the first one; the same when it is left out. */
  to: attribute('to', port),
  /** `<range start='22' exclude='yes'>`: ports not to forward. */
  exclude: attribute('exclude', yesNo),
});

/** `<range start='8080' end='8089' to='80'/>`: ports of the host and where they lead. */
export interface PortRange extends Infer<typeof rangeElement> {}

const portForwardElement = element('portForward', {
  /** `<portForward proto='tcp'>` */
  protocol: required(attribute('proto', oneOf('tcp', 'udp'))),
  /** `<portForward address='2001:db8::1'>`: the host's address to listen on; all when it is left out. */
  address: attribute('address', ipAddress),
  /** `<portForward dev='eth0'>`: the host's device to listen on; all when it is left out. */
  dev: attribute('dev', string),
  /** `<range start='8080' to='80'/>`: the ports; all when none is given. */
  ranges: many(typed<PortRange>(rangeElement)),
});

/** `<portForward proto='tcp'><range start='8080' to='80'/></portForward>`: ports of the host that lead to the guest; passt only. */
export interface PortForward extends Infer<typeof portForwardElement> {}

/** `<portForward proto='…'>` */
export const portForward = typed<PortForward>(portForwardElement);
