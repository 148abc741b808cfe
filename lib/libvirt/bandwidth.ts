// Rates as libvirt's typed parameters: those of a network port and of a NIC have the same names.
// https://libvirt.org/html/libvirt-libvirt-network.html#VIR_NETWORK_PORT_BANDWIDTH_IN_AVERAGE
import { networkNicBandwidth } from '../build/bandwidth.js';
import type { Reader } from '../build/reader.js';
import { virTypedParameterType } from '../native/constants.gen.js';
import type { TypedParameter } from '../native/handles.js';
import type { Bandwidth, BandwidthRate } from '../xml/index.js';

const directions = ['inbound', 'outbound'] as const;
const rates = ['average', 'peak', 'burst', 'floor'] as const;
type RateName = (typeof rates)[number];

/** libvirt guarantees a rate to traffic towards a guest alone. */
const ratesOf = { inbound: rates, outbound: rates.filter((name) => name !== 'floor') };

const mostUnsigned = 2 ** 32 - 1;

/**
 * What a NIC is to be limited to; nothing, or no direction, for no limit. libvirt takes all limits of a direction
 * away that has no average, without a word.
 */
export const readLimits: Reader<Bandwidth> = (value, path) => {
  const none = typeof value === 'object' && Object.values(value ?? {}).every((each) => each === undefined);
  return none ? {} : networkNicBandwidth(value, path);
};

/**
 * The parameters that set exactly this bandwidth: 0 takes away what it does not have. They are 32 bits wide, unlike the
 * same rates in a document.
 *
 * @throws RangeError for a rate that does not fit: `inbound.average: …`.
 */
export function bandwidthParameters(bandwidth: Bandwidth): TypedParameter[] {
  return directions.flatMap((direction) =>
    ratesOf[direction].map((name): TypedParameter => {
      const value = bandwidth[direction]?.[name] ?? 0;
      if (value > mostUnsigned)
        throw new RangeError(
          `${direction}.${name}: ${value} is more than ${mostUnsigned} of libvirt's units`,
        );
      return { field: `${direction}.${name}`, type: virTypedParameterType.UINT, value: Number(value) };
    }),
  );
}

/** The bandwidth that parameters tell. A direction that is not limited is left out. */
export function readBandwidth(parameters: readonly TypedParameter[]): Bandwidth {
  const values = new Map(parameters.map(({ field, value }) => [field, value]));
  const rateOf = (direction: string, name: RateName): Partial<Record<RateName, number>> => {
    const value = values.get(`${direction}.${name}`);
    return typeof value === 'number' && value > 0 ? { [name]: value } : {};
  };
  const directionOf = (direction: (typeof directions)[number]): Partial<Bandwidth> => {
    const rate: BandwidthRate = Object.assign({}, ...rates.map((name) => rateOf(direction, name)));
    return Object.keys(rate).length > 0 ? { [direction]: rate } : {};
  };
  return { ...directionOf('inbound'), ...directionOf('outbound') };
}
