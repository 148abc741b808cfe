// What people and applications note on a network: a title, a description, elements of their own.
import { flag, record } from '../build/reader.js';
import { LibvirtError } from '../errors.js';
import { virNetworkMetadataType } from '../native/constants.gen.js';
import type { Functions } from '../native/functions.gen.js';
import type { Network as NetworkHandle } from '../native/handles.js';
import type { Network } from './network.js';
import { type Affect, affected, readAffect } from './network-update.js';
import { text } from './options.js';

type Ask = <T>(
  action: string,
  call: (functions: Functions, handle: NetworkHandle) => Promise<T>,
) => Promise<T>;

/** Which notes to read: those of the running network, or those kept for its next start. */
export interface MetadataOptions {
  /** Those for the next start. */
  inactive?: boolean;
}

const readMetadataOptions = record<MetadataOptions>()('metadata', { inactive: flag });

/**
 * The notes of a network. Needs libvirt 9.7.0 here and at the other end: older ones reject with
 * `FUNCTION_MISSING` or `NO_SUPPORT`.
 *
 * @see https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkSetMetadata
 */
export class NetworkMetadata {
  readonly #network: Network;
  readonly #ask: Ask;

  /** @internal */
  constructor(network: Network, ask: Ask) {
    this.#network = network;
    this.#ask = ask;
  }

  /** One line for people; undefined when there is none. */
  title(options?: MetadataOptions): Promise<string | undefined> {
    return this.#get('title', virNetworkMetadataType.TITLE, null, options);
  }

  /** Any text for people; undefined when there is none. */
  description(options?: MetadataOptions): Promise<string | undefined> {
    return this.#get('description', virNetworkMetadataType.DESCRIPTION, null, options);
  }

  /** The element that an application keeps under its namespace, as XML; undefined when there is none. */
  element(uri: string, options?: MetadataOptions): Promise<string | undefined> {
    return this.#get(`metadata of ${uri}`, virNetworkMetadataType.ELEMENT, uri, options);
  }

  /** Sets the title, without a line break; null removes it. */
  setTitle(title: string | null, options?: Affect): Promise<void> {
    return this.#set('title', virNetworkMetadataType.TITLE, title, null, null, options);
  }

  /** Sets the description; null removes it. */
  setDescription(description: string | null, options?: Affect): Promise<void> {
    return this.#set('description', virNetworkMetadataType.DESCRIPTION, description, null, null, options);
  }

  /**
   * Keeps an element under a namespace of the application's own; null removes it.
   *
   * ```ts
   * await network.metadata.setElement('https://example.com/inventory', 'inv', '<owner>web team</owner>');
   * ```
   *
   * @param uri The namespace.
   * @param prefix What libvirt shall write before the names.
   * @param xml One element.
   */
  setElement(uri: string, prefix: string, xml: string | null, options?: Affect): Promise<void> {
    return this.#set(`metadata of ${uri}`, virNetworkMetadataType.ELEMENT, xml, prefix, uri, options);
  }

  async #get(
    what: string,
    type: number,
    uri: string | null,
    options: MetadataOptions = {},
  ): Promise<string | undefined> {
    const { inactive = false } = readMetadataOptions(options, '');
    const namespace = uri === null ? null : text(uri, 'uri');
    // The same flags as for changes say which of the two definitions is read.
    const flags = await affected(this.#network, inactive ? { live: false, config: true } : 'current');
    try {
      return await this.#ask(`read the ${what} of`, (functions, handle) =>
        functions.virNetworkGetMetadata(handle, type, namespace, flags),
      );
    } catch (error) {
      if (error instanceof LibvirtError && error.code === 'NO_NETWORK_METADATA') return undefined;
      throw error;
    }
  }

  async #set(
    what: string,
    type: number,
    value: string | null,
    key: string | null,
    uri: string | null,
    options: Affect = {},
  ): Promise<void> {
    const texts = [
      value === null ? null : text(value, 'value'),
      key === null ? null : text(key, 'prefix'),
      uri === null ? null : text(uri, 'uri'),
    ] as const;
    const flags = await affected(this.#network, readAffect(options, ''));
    await this.#ask(`set the ${what} of`, (functions, handle) =>
      functions.virNetworkSetMetadata(handle, type, ...texts, flags),
    );
  }
}
