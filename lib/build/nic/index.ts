// The builders of NICs of guests, one function a type. Each takes options of a type of its own, so that a combination that
// libvirt would refuse does not compile, and returns a frozen document.
export { bridge, openvswitch } from './bridge.js';
export { direct } from './direct.js';
export { ethernet } from './ethernet.js';
export { internal, unplugged as null, vds } from './foreign.js';
export { hostdev } from './hostdev.js';
export { network } from './network.js';
export { multicast, tcpClient, tcpServer, udp } from './socket.js';
export { passt, user } from './user.js';
export { vdpa, vhostUser } from './vhost-user.js';
