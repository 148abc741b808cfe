// <filterref>: a network filter to apply, with values for its variables. Interfaces of domains, bindings of filters
// and filters themselves share it. https://libvirt.org/formatnwfilter.html#usage-of-variables-in-filters
import { form, string } from '../codec.js';
import { attribute, element, type Infer, many, required, typed } from '../schema.js';

const parameterElement = element('parameter', {
  /** `<parameter name='IP'>`: the variable; letters, digits and underscores. */
  name: required(
    attribute(
      'name',
      form('the name of a variable', (text) => /^[a-zA-Z0-9_]+$/.test(text)),
    ),
  ),
  /** `<parameter value='10.0.0.1'>`: one value of it; letters, digits, underscores, dots and colons. */
  value: required(
    attribute(
      'value',
      form('a value of letters, digits, _, . and :', (text) => /^[a-zA-Z0-9_.:]+$/.test(text)),
    ),
  ),
});

/** `<parameter name='IP' value='10.0.0.1'/>`: a value of a variable. */
export interface FilterParameter extends Infer<typeof parameterElement> {}

/** The fields of a reference to a filter: spread into the element that has them. */
export const filterReference = {
  /** `<filterref filter='clean-traffic'>`: the filter's name. */
  filter: required(attribute('filter', string)),
  /** `<parameter name='IP' value='10.0.0.1'/>`: values of variables; a variable named twice has both values. */
  parameters: many(typed<FilterParameter>(parameterElement)),
};

const filterReferenceElement = element('filterref', filterReference);

/** `<filterref filter='clean-traffic'><parameter name='IP' value='10.0.0.1'/></filterref>`: a filter to apply. */
export interface FilterReference extends Infer<typeof filterReferenceElement> {}

/** `<filterref filter='…'>` */
export const filterRef = typed<FilterReference>(filterReferenceElement);
