// <filterbinding>: which filter a port of a domain has, with the values of its variables.
// https://libvirt.org/formatnwfilter.html

import { macAddress, string, uuid } from '../codec.js';
import { filterRef } from '../common/filterref.js';
import { attribute, type Document, document, element, type Infer, one, required, text } from '../schema.js';

const bindingElement = element('filterbinding', {
  /** `<owner><name>vm1</name><uuid>…</uuid></owner>`: the domain that has the port. */
  owner: required(
    one(
      element('owner', {
        /** `<name>vm1</name>`: the domain's name. */
        name: required(text('name', string)),
        /** `<uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid>`: the domain's UUID. */
        uuid: required(text('uuid', uuid)),
      }),
    ),
  ),
  /** `<portdev name='vnet0'/>`: the device that the traffic is filtered on. */
  portDev: required(
    one(
      element('portdev', {
        /** `<portdev name='vnet0'/>`: the device's name. */
        name: required(attribute('name', string)),
      }),
    ),
  ),
  /** `<linkdev name='eth0'/>`: the device below, of a port that is a macvtap. */
  linkDev: one(
    element('linkdev', {
      /** `<linkdev name='eth0'/>`: the device's name. */
      name: required(attribute('name', string)),
    }),
  ),
  /** `<mac address='52:54:00:7b:35:93'/>`: the guest's MAC address, the value of `$MAC`. */
  mac: required(
    one(
      element('mac', {
        /** `<mac address='52:54:00:7b:35:93'/>`: the MAC address. */
        address: required(attribute('address', macAddress)),
      }),
    ),
  ),
  /** `<filterref filter='clean-traffic'><parameter name='IP' value='10.0.0.1'/></filterref>` */
  filterRef: required(one(filterRef)),
});

/** A binding of a filter to a port: the typed value of a `<filterbinding>` document. */
export interface FilterBindingDocument extends Infer<typeof bindingElement> {
  /** Tells a binding from other documents. */
  readonly kind: 'nwfilterBinding';
}

/** The schema of the `<filterbinding>` document. */
export const nwfilterBinding: Document<FilterBindingDocument> = document('nwfilterBinding', bindingElement);
