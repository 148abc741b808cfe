// Names and texts that libvirt, the kernel and dnsmasq take. What would only fail later, or end up as a second line
// in dnsmasq's configuration, is refused here.
import { uuid as uuidCodec } from '../xml/codec.js';
import { checked, coded, type Reader } from './reader.js';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** What XML 1.0 cannot carry (section 2.2): control characters, and halves of a surrogate pair. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be refused
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u;

const refuseText = (text: string): string | undefined =>
  text === '' ? 'is empty' : UNPRINTABLE.test(text) ? 'has a character that XML cannot carry' : undefined;

const refuseLine = (text: string): string | undefined =>
  refuseText(text) ?? (/[\r\n]/.test(text) ? 'has a line break' : undefined);

/** Any text that XML can carry, line breaks included. */
export const anyText: Reader<string> = checked('a text', refuseText);

/** One line of text. */
export const line: Reader<string> = checked('a line of text', refuseLine);

/** libvirt adds `.hostsfile` to the name of a network, and a file's name has at most 255 bytes (NAME_MAX). */
const LONGEST_NETWORK_NAME = 255 - '.hostsfile'.length;

/** The name of a network. libvirt names files after it. */
export const networkName: Reader<string> = checked('the name of a network', (name) => {
  if (name.trim() === '') return 'is empty; a network needs a name';
  if (name.includes('/')) return "has a '/': libvirt names files after the network";
  if (name === '.' || name === '..') return 'is not a name: libvirt names files after the network';
  if (bytes(name) > LONGEST_NETWORK_NAME) {
    return `is too long: it has ${bytes(name)} bytes, and libvirt can name its files after ${LONGEST_NETWORK_NAME}`;
  }
  return refuseLine(name);
});

/**
 * The name of a network device: what the kernel takes (`dev_valid_name` of net/core/dev.c: up to 15 bytes, not `.` or `..`,
 * without `/`, `:` and white space) and libvirt's grammar besides (ASCII letters, digits and `_.-\`).
 */
export const deviceName: Reader<string> = checked('the name of a network device', (name) => {
  if (name === '') return 'is empty; a network device needs a name';
  if (bytes(name) > 15)
    return `is not the name of a network device: it has ${bytes(name)} bytes, the kernel takes 15`;
  if (name === '.' || name === '..') return 'is not the name of a network device';
  if (/[/:\s]/.test(name))
    return "is not the name of a network device: the kernel takes no '/', ':' and white space";
  if (/%/.test(name))
    return "is a template; leave the name out, and libvirt takes the next free 'virbrN' for a bridge, 'vnetN' for a NIC";
  if (!/^[\w.\-\\]+$/.test(name))
    return "is not a device name for libvirt: ASCII letters, digits and '_', '.', '-' only";
  return undefined;
});

/** The name of a port group, as libvirt's grammar has it. */
export const portGroupName: Reader<string> = checked('the name of a port group', (name) => {
  if (name === '') return 'is empty; a port group needs a name';
  return /^[\w.\-\\:/]+$/.test(name)
    ? undefined
    : "is not the name of a port group: ASCII letters, digits and '_', '.', '-', ':', '/' only";
});

/** A firewalld zone. */
export const zoneName: Reader<string> = checked('the name of a firewalld zone', (name) =>
  /^[\w-]+$/.test(name) ? undefined : "is not the name of a zone: ASCII letters, digits and '_', '-' only",
);

const refuseLabels = (name: string, label: RegExp, characters: string): string | undefined => {
  if (name === '') return 'is empty';
  if (name.length > 253) return `is too long: a DNS name has at most 253 characters, this has ${name.length}`;
  for (const part of name.split('.')) {
    if (part.length > 63) return `is not a DNS name: ${part.slice(0, 20)}… has more than 63 characters`;
    if (!label.test(part)) return `is not a DNS name: ${characters} in each part between dots`;
  }
  return undefined;
};

/** A DNS name of letters, digits and inner hyphens (RFC 1123, section 2.1): libvirt's grammar has no underscore. */
export const dnsName: Reader<string> = checked('a DNS name', (name) =>
  refuseLabels(name, /^[a-z\d](?:[a-z\d-]*[a-z\d])?$/i, "letters, digits and inner '-'"),
);

/** The name that DHCP gives a guest. dnsmasq takes underscores too. */
export const hostName: Reader<string> = checked('a host name', (name) =>
  refuseLabels(name, /^[a-z\d](?:[\w-]*[a-z\d])?$/i, "letters, digits and inner '-', '_'"),
);

/** An absolute path. */
export const absolutePath: Reader<string> = checked('an absolute path', (path) =>
  path.startsWith('/') ? refuseLine(path) : 'is not an absolute path',
);

const anyUuid = coded(uuidCodec);

/** A UUID, in the spelling that libvirt prints. */
export const uuid: Reader<string> = (value, path) =>
  anyUuid(value, path)
    .toLowerCase()
    .replace(/^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/, '$1-$2-$3-$4-$5');
