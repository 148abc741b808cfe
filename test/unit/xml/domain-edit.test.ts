// Editing the NICs of a domain: what was not changed stays where and as it stood.
import { describe, expect, it } from 'vitest';
import { type DomainDocument, parseDomain, parseInterface, toXML } from '../../../lib/xml/index.js';

type Nics = DomainDocument['nics'];

const user = parseInterface(`<interface type='user'><model type='virtio'/></interface>`);

/** A domain with devices like these, and a function that writes it with other NICs. */
const withNics = (devices: string) => {
  const text = `<domain type='kvm'>\n  <name>a</name>\n${devices}\n</domain>\n`;
  const doc = parseDomain(text);
  const devicesOf = (xml: string): string =>
    xml.slice(xml.indexOf('</name>\n') + 8, xml.lastIndexOf('\n</domain>'));
  return { doc, write: (nics: Nics): string => devicesOf(toXML({ ...doc, nics })) };
};

const devices = `  <devices>
    <!-- the LAN -->
    <interface type="bridge">  <!-- an uplink -->
      <source   bridge="br0"/>
      <mac address="52:54:00:00:00:01"/>
    </interface>
    <disk type='file'/>
    <!-- storage -->
    <interface type='network'><mac address='52:54:00:00:00:02'/><source network="san"/></interface> <!-- slow -->
    <interface type='null'/>
    <console type='pty'/>
  </devices>`;

describe('the NICs of a domain', () => {
  const { doc, write } = withNics(devices);
  const [bridge, network, none] = doc.nics as [Nics[0], Nics[0], Nics[0]];
  const lan = devices.slice(devices.indexOf('    <interface type="bridge"'), devices.indexOf('    <disk'));
  const san =
    "    <interface type='network'><mac address='52:54:00:00:00:02'/><source network=\"san\"/></interface>";
  const nothing = "    <interface type='null'/>\n";

  it('are written in place when one is changed', () => {
    expect(write([bridge, { ...network, mtu: { size: 9000 } }, none])).toBe(
      devices.replace(
        san,
        `    <interface type='network'>
      <mac address='52:54:00:00:00:02'/>
      <source network='san'/>
      <mtu size='9000'/>
    </interface>`,
      ),
    );
    expect(write([{ ...bridge, link: { state: 'down' } }, network, none])).toBe(
      devices.replace(
        lan,
        `    <interface type='bridge'>
      <!-- an uplink -->
      <source bridge='br0'/>
      <mac address='52:54:00:00:00:01'/>
      <link state='down'/>
    </interface>
`,
      ),
    );
  });

  it('lose the line of one that is removed, and nothing else', () => {
    expect(write([network, none])).toBe(devices.replace(lan, ''));
    expect(write([bridge, network])).toBe(devices.replace(nothing, ''));
    expect(write([bridge, none])).toBe(devices.replace(san, '    '));
    expect(write([])).toBe(devices.replace(lan, '').replace(san, '    ').replace(nothing, ''));
  });

  it('get one more behind the last, before the first or between two', () => {
    const added = "    <interface type='user'>\n      <model type='virtio'/>\n    </interface>\n";
    expect(write([...doc.nics, user])).toBe(devices.replace(nothing, nothing + added));
    expect(write([user, ...doc.nics])).toBe(devices.replace(lan, added + lan));
    expect(write([bridge, user, user, network, none])).toBe(devices.replace(lan, lan + added + added));
    expect(write([bridge, network, user, none])).toBe(devices.replace(nothing, added + nothing));
  });

  it('stand as they stood where they were moved to', () => {
    expect(write([none, bridge, network])).toBe(devices.replace(nothing, '').replace(lan, nothing + lan));
    expect(write([bridge, none, network])).toBe(
      devices.replace(san, '    ').replace(nothing, `${nothing}${san}\n`),
    );
    expect(write([network, none, bridge])).toBe(devices.replace(lan, '').replace(nothing, nothing + lan));
  });

  it('are told by their MAC address when several change at once', () => {
    expect(write([{ ...network, mtu: { size: 9000 } }, user])).toBe(
      devices
        .replace(lan, '')
        .replace(
          san,
          `    <interface type='network'>
      <mac address='52:54:00:00:00:02'/>
      <source network='san'/>
      <mtu size='9000'/>
    </interface>`,
        )
        .replace(nothing, "    <interface type='user'>\n      <model type='virtio'/>\n    </interface>\n"),
    );
  });

  it('may lack the kind that stands in the list anyway', () => {
    const { kind, ...bare } = user;
    expect(write([...doc.nics, bare as Nics[0]])).toBe(write([...doc.nics, user]));
  });

  it('stay the same as values that say the same', () => {
    expect(write([bridge, structuredClone(network), { ...none }])).toBe(devices);
  });
});

describe('a domain without NICs', () => {
  const added = (indent: string, unit = '  ', newline = '\n'): string =>
    [
      `${indent}<interface type='user'>`,
      `${indent}${unit}<model type='virtio'/>`,
      `${indent}</interface>`,
      '',
    ].join(newline);

  it.each([
    [
      'behind the disks and controllers',
      `<devices>\n    <emulator/>\n    <disk/>\n`,
      `    <serial/>\n    <input/>\n  </devices>`,
    ],
    [
      'behind the last of those',
      `<devices>\n    <serial/>\n    <controller/>\n`,
      `    <input/>\n  </devices>`,
    ],
    ['behind a NIC that cannot be read', `<devices>\n    <interface/>\n`, `    <input/>\n  </devices>`],
    ['before all others', `<devices>\n`, `    <serial/>\n    <input/>\n  </devices>`],
    [
      'behind a comment at the end of a line',
      `<devices>\n    <disk/> <!-- c --> \n`,
      `    <serial/>\n  </devices>`,
    ],
    ['among nothing', `<devices>\n`, `  </devices>`],
    ['among comments', `<devices><!-- </devices> -->\n    <!-- c -->\n`, `  </devices>`],
  ])('gets them %s', (_, before, after) => {
    expect(withNics(`  ${before}${after}`).write([user, user])).toBe(
      `  ${before}${added('    ')}${added('    ')}${after}`,
    );
  });

  it.each([
    ['of nothing', '  <devices/>'],
    ['of nothing, spelled out', '  <devices></devices>'],
    ['with an attribute', '  <devices a="/" />', '  <devices a="/">'],
    ['that is missing', ''],
  ])('gets them into an element %s', (_, text, start = '  <devices>') => {
    const whole = `<domain type='kvm'>\n  <name>a</name>\n${text && `${text}\n`}</domain>\n`;
    const written = toXML({ ...parseDomain(whole), nics: [user] });
    expect(written).toBe(
      `<domain type='kvm'>\n  <name>a</name>\n${start}\n${added('    ')}  </devices>\n</domain>\n`,
    );
  });

  it('gets them as its lines are', () => {
    const tabs = `<domain type='kvm'>\r\n\t<name>a</name>\r\n\t<devices>\r\n\t\t<disk/>\r\n\t</devices>\r\n</domain>`;
    expect(toXML({ ...parseDomain(tabs), nics: [user] })).toBe(
      tabs.replace('<disk/>\r\n', `<disk/>\r\n${added('\t\t', '\t', '\r\n')}`),
    );
    const deep = `<domain type='kvm'>\n    <name>a</name>\n    <devices/>\n</domain>`;
    expect(toXML({ ...parseDomain(deep), nics: [user] })).toBe(
      deep.replace('<devices/>', `<devices>\n${added('        ', '    ')}    </devices>`),
    );
    const line = `<domain type='kvm'><name>a</name><devices><disk/><input/></devices></domain>`;
    expect(toXML({ ...parseDomain(line), nics: [user, user] })).toBe(
      line.replace(
        '<input/>',
        `${`<interface type='user'><model type='virtio'/></interface>`.repeat(2)}<input/>`,
      ),
    );
    expect(toXML({ ...parseDomain(line.replace('<disk/><input/>', '')), nics: [user] })).toBe(
      line.replace('<disk/><input/>', `<interface type='user'><model type='virtio'/></interface>`),
    );
  });
});

describe('the other fields of a domain', () => {
  const text = `<domain id="3"   type='kvm'\n  xmlns:qemu='urn:q' >
  <uuid>not one</uuid>
  <name><!-- n -->a</name> <title>A</title>
  <description>long</description>
  <memory/>
</domain>`;
  const doc = parseDomain(text);

  it('are changed in place', () => {
    expect(toXML({ ...doc, name: 'b<c', type: 'qemu', title: 'B', id: 4 })).toBe(
      text
        .replace('<!-- n -->a', '<!-- n -->b&lt;c')
        .replace("'kvm'", "'qemu'")
        .replace('>A<', '>B<')
        .replace('"3"', '"4"'),
    );
    expect(toXML({ ...doc, uuid: '6c9f2ae0-5cb7-4b6a-8f4e-0f8f2f6f2b11' })).toBe(
      text.replace('not one', '6c9f2ae0-5cb7-4b6a-8f4e-0f8f2f6f2b11'),
    );
  });

  it('go with their lines', () => {
    expect(toXML({ ...doc, id: undefined, title: undefined, description: undefined } as never)).toBe(
      text
        .replace(' id="3"', '')
        .replace(' <title>A</title>', ' ')
        .replace('  <description>long</description>\n', ''),
    );
  });

  it('come behind those before them', () => {
    const { id, title, ...bare } = doc;
    const less = parseDomain(toXML(bare));
    expect(toXML({ ...less, id: 7, metadata: '<x/>', description: undefined } as never)).toBe(
      text
        .replace(' id="3"', '')
        .replace("'urn:q'", "'urn:q' id='7'")
        .replace(' <title>A</title>\n', ' \n  <metadata>\n    <x/>\n  </metadata>\n')
        .replace('  <description>long</description>\n', ''),
    );
  });

  it('come before the others when they are the first', () => {
    const rest = `<domain>\n  <uuid>not one</uuid>\n  <!-- m -->\n  <memory/>\n</domain>`;
    expect(toXML({ ...parseDomain(rest), name: 'a', title: 'A' })).toBe(
      rest.replace('  <uuid>', '  <name>a</name>\n  <title>A</title>\n  <uuid>'),
    );
  });

  it('come into a root that is empty', () => {
    const lines = "  <name>a</name>\n  <devices>\n    <interface type='null'/>\n  </devices>\n";
    const nic = parseInterface(`<interface type='null'/>`);
    const write = (xml: string) => toXML({ ...parseDomain(xml), type: 'kvm', name: 'a', nics: [nic] });
    expect(write(`<!-- c -->\n<domain/>\n`)).toBe(`<!-- c -->\n<domain type='kvm'>\n${lines}</domain>\n`);
    expect(write(`\n<domain a='b' >\n</domain>`)).toBe(`\n<domain a='b' type='kvm' >\n${lines}</domain>`);
    expect(write(`<domain></domain>`)).toBe(
      `<domain type='kvm'>${lines.replace(/\n */g, '').trim()}</domain>`,
    );
  });

  it('can give way to each other', () => {
    const only = `<domain>\n  <title>A</title>\n</domain>`;
    const { title, ...bare } = parseDomain(only);
    expect(parseDomain(toXML({ ...bare, name: 'a', nics: [user] }))).toMatchObject({
      name: 'a',
      nics: [user],
    });
    expect(toXML(bare)).toBe('<domain>\n</domain>');
  });

  it('can change with the NICs at once', () => {
    expect(toXML({ ...doc, name: 'b', nics: [user] })).toBe(
      text
        .replace('-->a<', '-->b<')
        .replace(
          '<memory/>\n',
          "<memory/>\n  <devices>\n    <interface type='user'>\n      <model type='virtio'/>\n    </interface>\n  </devices>\n",
        ),
    );
  });
});
