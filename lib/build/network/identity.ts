// What every network has, whatever its mode. https://libvirt.org/formatnetwork.html#general-metadata
import type { NetworkDocument } from '../../xml/index.js';
import { deepFreeze } from '../freeze.js';
import { anyText, line, networkName, uuid } from '../names.js';
import { present } from '../present.js';
import { flag, needed } from '../reader.js';

/** What every network has, whatever its mode. */
export interface NetworkOptions {
  /** The name, unique on its host: any line of text without `/`. */
  name: string;
  /** The UUID. Default: libvirt makes one up. */
  uuid?: string;
  /** One line for people. Since libvirt 9.7.0. */
  title?: string;
  /** Any text for people. Since libvirt 9.7.0. */
  description?: string;
  /** XML that libvirt keeps for applications: elements with a namespace of their own. */
  metadata?: string;
  /** Whether the host follows the receive filters (multicast, MAC address) that guests ask for. Default: false. */
  trustGuestRxFilters?: boolean;
}

/** The readers of {@link NetworkOptions}. */
export const identityFields = {
  name: needed(networkName),
  uuid,
  title: line,
  description: anyText,
  metadata: anyText,
  trustGuestRxFilters: flag,
};

/** A network document, frozen. Members that are undefined are left out. */
export const networkDocument = (
  { name, uuid, title, description, metadata, trustGuestRxFilters }: NetworkOptions,
  rest: { readonly [K in keyof NetworkDocument]?: NetworkDocument[K] | undefined },
): NetworkDocument => {
  const identity = { trustGuestRxFilters, uuid, title, description, metadata };
  return deepFreeze({ kind: 'network', name, ...present(identity), ...present(rest) });
};
