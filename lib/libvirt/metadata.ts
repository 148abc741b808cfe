// What people and applications note on an object of libvirt's: a title, a description, elements of their own.
import { flag, record } from '../build/reader.js';
import { type ErrorCode, LibvirtError } from '../errors.js';
import { virDomainMetadataType } from '../native/constants.gen.js';
import { type Affect, type Affected, affected, readAffect } from './affect.js';
import { text } from './options.js';

/** Which notes to read: those of what runs, or those kept for its next start. */
export interface MetadataOptions {
  /** Those for the next start. */
  inactive?: boolean;
}

const readMetadataOptions = record<MetadataOptions>()('metadata', { inactive: flag });

/** libvirt's functions for one type of object, which differ in their names alone. */
export interface MetadataAccess {
  get(action: string, type: number, uri: string | null, flags: number): Promise<string>;
  set(
    action: string,
    type: number,
    value: string | null,
    key: string | null,
    uri: string | null,
    flags: number,
  ): Promise<void>;
  /** The error of a note that is not there. */
  none: ErrorCode;
}

// Networks have types of their own, with the same numbers.
const types = virDomainMetadataType;

/** The notes on an object. */
export class Metadata {
  readonly #object: Affected;
  readonly #access: MetadataAccess;

  /** @internal */
  constructor(object: Affected, access: MetadataAccess) {
    this.#object = object;
    this.#access = access;
  }

  /** One line for people; undefined when there is none. */
  title(options?: MetadataOptions): Promise<string | undefined> {
    return this.#get('title', types.TITLE, null, options);
  }

  /** Any text for people; undefined when there is none. */
  description(options?: MetadataOptions): Promise<string | undefined> {
    return this.#get('description', types.DESCRIPTION, null, options);
  }

  /** The element that an application keeps under its namespace, as XML; undefined when there is none. */
  element(uri: string, options?: MetadataOptions): Promise<string | undefined> {
    return this.#get(`metadata of ${uri}`, types.ELEMENT, uri, options);
  }

  /** Sets the title, without a line break; null removes it. */
  setTitle(title: string | null, options?: Affect): Promise<void> {
    return this.#set('title', types.TITLE, title, null, null, options);
  }

  /** Sets the description; null removes it. */
  setDescription(description: string | null, options?: Affect): Promise<void> {
    return this.#set('description', types.DESCRIPTION, description, null, null, options);
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
    return this.#set(`metadata of ${uri}`, types.ELEMENT, xml, prefix, uri, options);
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
    const flags = await affected(this.#object, inactive ? { live: false, config: true } : 'current');
    try {
      return await this.#access.get(`read the ${what} of`, type, namespace, flags);
    } catch (error) {
      if (error instanceof LibvirtError && error.code === this.#access.none) return undefined;
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
    const flags = await affected(this.#object, readAffect(options, ''));
    await this.#access.set(`set the ${what} of`, type, ...texts, flags);
  }
}
