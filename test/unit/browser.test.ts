// Documents and builders in a browser: bundled for one, and run where there is nothing of Node's.
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

/** What pages have beside the language itself, as far as it is used. */
const page = { URL, TextEncoder, crypto: globalThis.crypto };

describe('a bundle for browsers', () => {
  let code: string;

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: "export * from './lib/xml/index.js'; export * from './lib/build/index.js';",
        resolveDir: process.cwd(),
      },
      bundle: true,
      // For this platform esbuild refuses whatever imports from node:.
      platform: 'browser',
      format: 'iife',
      globalName: 'virtnet',
      write: false,
      logLevel: 'silent',
    });
    code = outputFiles[0]?.text ?? '';
  });

  const run = (script: string): unknown => runInContext(`${code}\n${script}`, createContext({ ...page }));

  it('has nothing of Node in it', () => {
    expect(code.length).toBeGreaterThan(100_000);
    expect(run('typeof process + typeof require + typeof Buffer')).toBe('undefined'.repeat(3));
  });

  it('builds, writes, reads and compares documents', () => {
    const { text, name, differences } = run(`
      const built = virtnet.build.network.nat({ name: 'lab', ip: { cidr: '192.168.10.1/24', dhcp: true } });
      const text = virtnet.toXML(built);
      const read = virtnet.parseNetwork(text);
      const other = { ...read, mtu: { size: 9000 } };
      ({ text, name: read.name, differences: JSON.stringify(virtnet.diff(built, other, { ignore: 'filled-in' })) });
    `) as { text: string; name: string; differences: string };
    expect(text).toContain("<ip address='192.168.10.1' netmask='255.255.255.0'>");
    expect(name).toBe('lab');
    expect(JSON.parse(differences)).toEqual([{ path: 'mtu', after: { size: 9000 } }]);
  });

  it('makes up a MAC address for a NIC, and edits a domain', () => {
    const { mac, text } = run(`
      const nic = virtnet.build.nic.network({ network: 'lab' });
      const domain = virtnet.parseDomain("<domain type='kvm'><name>a</name><devices><disk/></devices></domain>");
      ({ mac: nic.mac.address, text: virtnet.toXML({ ...domain, nics: [nic] }) });
    `) as { mac: string; text: string };
    expect(mac).toMatch(/^52:54:00(?::[0-9a-f]{2}){3}$/);
    expect(text).toContain(`<mac address='${mac}'/>`);
  });

  it('says where a text is wrong', () => {
    expect(run(`try { virtnet.parseNetwork('<network>\\n<'); } catch (e) { e.name + e.line }`)).toBe(
      'XmlError2',
    );
  });
});
