// <bandwidth>: how fast traffic may flow. Networks, port groups, ports and interfaces of domains share it.
// https://libvirt.org/formatnetwork.html#quality-of-service
import { bigInteger, integer } from '../codec.js';
import { attribute, element, type Infer, one, typed } from '../schema.js';

const speed = bigInteger(1n, 2n ** 54n);

const rate = {
  /** `<inbound average='1000'/>`: the rate to keep to, in kB/s (1000 bytes), up to 2^54; a bigint beyond 2^53. */
  average: attribute('average', speed),
  /** `<inbound peak='5000'/>`: the highest rate of a burst, in kB/s (1000 bytes), up to 2^54; a bigint beyond 2^53. */
  peak: attribute('peak', speed),
  /** `<inbound floor='200'/>`: the rate guaranteed to one interface, in kB/s (1000 bytes), up to 2^54; a bigint beyond 2^53. */
  floor: attribute('floor', speed),
  /** `<inbound burst='1024'/>`: how much may go at peak rate, in KiB. */
  burst: attribute('burst', integer(1, 0xffffffff)),
};

const inboundElement = element('inbound', rate);
const outboundElement = element('outbound', rate);

/** `<inbound average='1000' peak='5000' floor='200' burst='1024'/>`: the rates of one direction. */
export interface BandwidthRate extends Infer<typeof inboundElement> {}

const bandwidthElement = element('bandwidth', {
  /** `<bandwidth classID='3'>`: the traffic class of a port; libvirt writes it, users leave it out. */
  classId: attribute('classID', integer(1, 0xffffffff)),
  /** `<inbound average='1000' peak='5000' floor='200' burst='1024'/>`: towards the guests. */
  inbound: one(typed<BandwidthRate>(inboundElement)),
  /** `<outbound average='128' peak='256' burst='256'/>`: from the guests. */
  outbound: one(typed<BandwidthRate>(outboundElement)),
});

/** `<bandwidth><inbound average='1000'/><outbound average='128'/></bandwidth>`: rates in kB/s by direction. */
export interface Bandwidth extends Infer<typeof bandwidthElement> {}

/** `<bandwidth>` with its two directions. */
export const bandwidth = typed<Bandwidth>(bandwidthElement);
