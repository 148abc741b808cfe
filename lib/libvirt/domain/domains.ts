// The guests of a connection: listed, found, defined, created.
import { anyText } from '../../build/names.js';
import { coded, needed, record } from '../../build/reader.js';
import { LibvirtError } from '../../errors.js';
import {
  virConnectListAllDomainsFlags as list,
  virDomainCreateFlags,
  virDomainDefineFlags,
  virStreamFlags,
} from '../../native/constants.gen.js';
import type { Functions } from '../../native/functions.gen.js';
import type { Connect, Domain as DomainHandle, Stream as StreamHandle } from '../../native/handles.js';
import { integer } from '../../xml/codec.js';
import type { DomainDocument } from '../../xml/index.js';
import { ask } from '../ask.js';
import type { Connection } from '../connection.js';
import { flagOptions } from '../flags.js';
import { refuseNewer } from '../newer.js';
import { uuid } from '../options.js';
import { Domain } from './domain.js';
import type { DomainStartOptions } from './domain-options.js';
import { readDomain } from './given-domain.js';
import {
  type GuestNicStats,
  nicStatsType,
  noWait,
  readTargetStats,
  type StatsFilter,
  statsFlags,
} from './nic-stats.js';
import { refuseNull } from './null-nic.js';
import { readParameters } from './typed-parameters.js';

/** Which guests to list. What is left out does not matter. */
export interface DomainFilter {
  /** Running or paused, or not. */
  active?: boolean;
  /** With a configuration that survives its end, or without. */
  persistent?: boolean;
  /** Started with the daemon, or not. */
  autostart?: boolean;
  /** What it does; more than one state at once is none of them in particular. */
  state?: 'running' | 'paused' | 'shutoff' | 'other';
  /** With a state that was saved for its next start, or without. */
  managedSave?: boolean;
}

/** How to look a guest up: by its name, its UUID, or the number that it has while it runs. */
export type DomainKey = string | { uuid: string } | { id: number };

/** What is checked before a guest is defined. */
export interface DefineDomainOptions {
  /** Have libvirt check the document against its grammar first. */
  validate?: boolean;
}

/** How a guest is created. */
export interface CreateDomainOptions
  extends DefineDomainOptions,
    Pick<DomainStartOptions, 'paused' | 'autoDestroy'> {}

const filterFlags = flagOptions<DomainFilter>('a filter of guests', {
  active: [list.ACTIVE, list.INACTIVE],
  persistent: [list.PERSISTENT, list.TRANSIENT],
  autostart: [list.AUTOSTART, list.NO_AUTOSTART],
  state: { running: list.RUNNING, paused: list.PAUSED, shutoff: list.SHUTOFF, other: list.OTHER },
  managedSave: [list.MANAGEDSAVE, list.NO_MANAGEDSAVE],
});

const defineFlags = flagOptions<DefineDomainOptions>('a definition', {
  validate: virDomainDefineFlags.VALIDATE,
});

const createFlags = flagOptions<CreateDomainOptions>('a guest to be created', {
  validate: virDomainCreateFlags.VALIDATE,
  paused: virDomainCreateFlags.PAUSED,
  autoDestroy: virDomainCreateFlags.AUTODESTROY,
});

/** The guests of a connection. */
export class Domains {
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * The guests that fit, in libvirt's order; all without a filter.
   *
   * ```ts
   * for (const domain of await connection.domains.list({ active: true })) console.log(domain.name);
   * ```
   */
  async list(filter: DomainFilter = {}): Promise<Domain[]> {
    const flags = filterFlags(filter, '');
    const asked = { action: 'list the domains of', object: `connection ${this.#connection.name}` };
    const handles = await ask(asked, (functions) =>
      functions.virConnectListAllDomains(this.#connection.link.handle, flags),
    );
    return handles.map((handle) => new Domain(this.#connection, handle));
  }

  /**
   * The guest of that name, UUID or number.
   *
   * ```ts
   * const domain = await connection.domains.get({ uuid: 'dcf1a2b3-6d9e-4a53-8c1f-2b7f0e9d4c11' });
   * ```
   *
   * @throws LibvirtError `NO_DOMAIN` when there is none.
   */
  async get(key: DomainKey): Promise<Domain> {
    return new Domain(this.#connection, await this.lookup('get', key));
  }

  /** The guest of that name, UUID or number, or undefined. */
  async find(key: DomainKey): Promise<Domain | undefined> {
    try {
      return await this.get(key);
    } catch (error) {
      if (error instanceof LibvirtError && error.code === 'NO_DOMAIN') return undefined;
      throw error;
    }
  }

  /**
   * Defines a guest that persists, inactive at first; or redefines the one of the same name and UUID, which changes
   * its configuration and not what runs.
   *
   * @param domain A document that was read, or the text of one.
   * @throws LibvirtError what libvirt has against it; `XML_INVALID_SCHEMA` with `validate`; `FIELD_TOO_NEW` for a field of
   *   a NIC that the libvirt at the other end would drop; `CONFIG_UNSUPPORTED` for a `null` NIC.
   * @throws TypeError, RangeError or XmlError naming what is wrong in the document.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainDefineXMLFlags
   */
  async define(domain: DomainDocument | string, options: DefineDomainOptions = {}): Promise<Domain> {
    const flags = defineFlags(options, '');
    return this.#add('define', domain, (functions, xml) =>
      functions.virDomainDefineXMLFlags(this.#connection.link.handle, xml, flags),
    );
  }

  /**
   * Starts a guest that is gone when it ends: its configuration is not kept.
   *
   * @param domain A document that was read, or the text of one.
   * @throws LibvirtError, TypeError, RangeError or XmlError as `define` does, and why it could not start.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainCreateXML
   */
  async create(domain: DomainDocument | string, options: CreateDomainOptions = {}): Promise<Domain> {
    const flags = createFlags(options, '');
    return this.#add('create', domain, (functions, xml) =>
      functions.virDomainCreateXML(this.#connection.link.handle, xml, flags),
    );
  }

  /**
   * What has gone through the NICs of many guests, asked in one call and without waiting for any of them: of all that
   * fit a filter, or of those of a list. A guest of the list that is gone is left out.
   *
   * ```ts
   * for (const { domain, nics } of await connection.domains.nicStats({ active: true }))
   *   for (const { target, received, sent } of nics) console.log(domain.name, target, received.bytes, sent.bytes);
   * ```
   *
   * @throws TypeError for a guest of another connection.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectGetAllDomainStats
   */
  async nicStats(of: StatsFilter | readonly Domain[] = {}): Promise<readonly GuestNicStats[]> {
    const asked = { action: 'measure the NICs of guests of', object: `connection ${this.#connection.name}` };
    const call = isList(of) ? this.#statsOf(of) : this.#statsOfAll(of);
    const records = await ask(asked, call);
    return records.map(({ dom, params }) =>
      Object.freeze({
        domain: new Domain(this.#connection, dom),
        nics: readTargetStats(readParameters(params)),
      }),
    );
  }

  #statsOfAll(filter: StatsFilter) {
    const flags = statsFlags(filter, '') + noWait;
    return (functions: Functions) =>
      functions.virConnectGetAllDomainStats(this.#connection.link.handle, nicStatsType, flags);
  }

  #statsOf(domains: readonly Domain[]) {
    for (const [i, domain] of domains.entries())
      if (!(domain instanceof Domain) || domain.connection !== this.#connection)
        throw new TypeError(`[${i}]: not a guest of connection ${this.#connection.name}`);
    return async (functions: Functions) => {
      if (domains.length === 0) return [];
      const handles = await Promise.all(domains.map((domain) => domain.handle(functions)));
      return functions.virDomainListGetStats(handles, nicStatsType, noWait);
    };
  }

  /** The handle of a guest; the action is the verb of the error. @internal */
  lookup(action: string, key: DomainKey): Promise<DomainHandle> {
    const { described, find } = checkedKey(key);
    return ask({ action, object: `domain ${described}` }, (functions) =>
      find(functions, this.#connection.link.handle),
    );
  }

  /** A stream that never blocks, of nothing yet. @internal */
  newStream(object: string): Promise<StreamHandle> {
    return ask({ action: 'open', object }, (functions) =>
      functions.virStreamNew(this.#connection.link.handle, virStreamFlags.NONBLOCK),
    );
  }

  async #add(
    action: string,
    domain: DomainDocument | string,
    call: (functions: Functions, xml: string) => Promise<DomainHandle>,
  ): Promise<Domain> {
    const { document, xml } = readDomain(domain);
    const { name } = document;
    const asked = { action, object: name === undefined ? 'a domain without a name' : `domain '${name}'` };
    await refuseNewer(asked, document, this.#connection);
    await refuseNull(asked, document.nics ?? [], this.#connection);
    return new Domain(this.#connection, await ask(asked, (functions) => call(functions, xml)));
  }
}

const isList = (of: unknown): of is readonly Domain[] => Array.isArray(of);

interface Lookup {
  described: string;
  find(functions: Functions, handle: Connect): Promise<DomainHandle>;
}

const readUuid = record<{ uuid: string }>()('a guest by its UUID', { uuid: needed(uuid) });
const readId = record<{ id: number }>()('a guest by its number', {
  id: needed(coded(integer(0, 2 ** 31 - 1))),
});

function checkedKey(key: DomainKey): Lookup {
  if (typeof key === 'string') {
    anyText(key, 'name');
    return {
      described: `'${key}'`,
      find: (functions, handle) => functions.virDomainLookupByName(handle, key),
    };
  }
  if (typeof key !== 'object' || key === null || !('uuid' in key || 'id' in key))
    throw new TypeError('key: neither a name nor { uuid } nor { id }');
  if ('uuid' in key) {
    const { uuid } = readUuid(key, '');
    return {
      described: uuid,
      find: (functions, handle) => functions.virDomainLookupByUUIDString(handle, uuid),
    };
  }
  const { id } = readId(key, '');
  return { described: String(id), find: (functions, handle) => functions.virDomainLookupByID(handle, id) };
}
