// The ways into a daemon, and who is let in.

import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, type Credential, connect } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const CONNECT_AS_NOBODY = fileURLToPath(new URL('fixtures/connect-as-nobody.ts', import.meta.url));
const ADA = { username: 'ada', password: 'correct horse' };
const lan = build.network.isolated({ name: 'lan' });

describeWith(
  [...HYPERVISOR_NEEDS, 'sasl', 'sasl mechanisms', 'openssl'],
  'a daemon that asks who you are',
  () => {
    let lab: Libvirtd;
    beforeAll(async () => {
      lab = await startHost({ sasl: { user: ADA.username, password: ADA.password }, tcp: true, tls: true });
    });
    afterAll(() => lab?.stop());

    const WAYS = ['uri', 'tcpUri', 'tlsUri'] as const;

    it.each(WAYS)('lets in at its %s who answers well', async (way) => {
      await using connection = await connect(lab[way], { auth: ADA });
      expect(await connection.hostname()).toBe('lab');
      // SASL's mechanisms encrypt where TLS does not.
      expect(await connection.isEncrypted()).toBe(true);
      expect(await connection.isSecure()).toBe(true);
      const network = await connection.networks.define(lan);
      await network.undefine();
    });

    it.each(WAYS)('asks a function at its %s', async (way) => {
      const asked: Credential[] = [];
      const answers: Partial<Record<Credential['type'], string>> = {
        username: ADA.username,
        authname: ADA.username,
        passphrase: ADA.password,
      };
      await using connection = await connect(lab[way], {
        auth: async (question) => {
          asked.push(question);
          return answers[question.type];
        },
      });
      expect(await connection.isAlive()).toBe(true);
      expect(asked.map(({ type, prompt }) => [type, prompt !== ''])).toEqual([
        ['username', true],
        ['authname', true],
        ['passphrase', true],
      ]);
    });

    it.each(WAYS)('turns away at its %s who does not', async (way) => {
      await expect(connect(lab[way], { auth: { ...ADA, password: 'wrong' } })).rejects.toMatchObject({
        code: 'AUTH_FAILED',
        function: 'virConnectOpenAuth',
        object: lab[way],
        hint: 'check the user name and password that the option auth gives',
      });
      await expect(connect(lab[way], { auth: () => null })).rejects.toMatchObject({
        code: 'AUTH_CANCELLED',
        message: expect.stringContaining('auth gave no answer to username'),
      });
      await expect(connect(lab[way])).rejects.toMatchObject({
        code: 'AUTH_FAILED',
        hint: expect.stringContaining('give connect() the option auth'),
      });
      const mine = new Error('the safe is locked');
      await expect(connect(lab[way], { auth: () => Promise.reject(mine) })).rejects.toBe(mine);
    });

    it('asks nothing on its read-only socket, and lets look there only', async () => {
      for (const readOnly of [true, false]) {
        await using connection = await connect(lab.readOnlyUri, { readOnly });
        expect(await connection.networks.list()).toEqual([]);
        await expect(connection.networks.define(lan)).rejects.toMatchObject({
          code: 'OPERATION_DENIED',
          message: expect.stringContaining('read only access prevents virNetworkDefineXML'),
          hint: expect.stringContaining('open another, without readOnly and not on a read-only socket'),
        });
      }
    });

    it('is not believed when nobody vouches for it', async () => {
      const uri = lab.tlsUri.replace(/pkipath=.*/, 'pkipath=/nowhere');
      await expect(connect(uri, { auth: ADA })).rejects.toMatchObject({
        code: 'SYSTEM_ERROR',
        message: expect.stringContaining('Cannot read CA certificate'),
        hint: expect.stringContaining('TLS needs certificates on both sides'),
      });
    });

    it('does not speak plainly where TLS is expected', async () => {
      const uri = lab.tlsUri.replace('qemu+tls', 'qemu+tcp').replace(/\?.*/, '');
      await expect(connect(uri, { auth: ADA })).rejects.toMatchObject({
        code: 'SYSTEM_ERROR',
        hint: expect.stringContaining('what answers there is no libvirt daemon'),
      });
    });
  },
);

describeWith(HYPERVISOR_NEEDS, 'a daemon that trusts its socket', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    lab = await startHost({ tcp: true });
    connection = await connect(lab.uri);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  async function asNobody(uri: string): Promise<unknown> {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      CONNECT_AS_NOBODY,
      uri,
    ]);
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  it('tells what it runs', async () => {
    expect(await connection.type()).toBe('QEMU');
    expect(await connection.uri()).toBe(lab.uri);
    expect(await connection.hostname()).toBe('lab');
    expect(await connection.version()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await connection.libvirtVersion()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await connection.isEncrypted()).toBe(false);
    expect(await connection.isSecure()).toBe(true);
    expect(await connection.capabilities()).toContain('<host>');
    const capabilities = await connection.domainCapabilities({
      virtType: 'qemu',
      arch: 'x86_64',
      machine: 'q35',
    });
    expect(capabilities).toContain('<domain>qemu</domain>');
    await expect(connection.domainCapabilities({ arch: 'pdp11' })).rejects.toMatchObject({
      code: 'INVALID_ARG',
    });
  });

  it('is not secure over plain TCP', async () => {
    await using plain = await connect(lab.tcpUri);
    expect(await plain.isEncrypted()).toBe(false);
    expect(await plain.isSecure()).toBe(false);
  });

  it('denies a user who may not open the socket', async () => {
    chmodSync(lab.inside.base, 0o755);
    expect(await asNobody(lab.uri)).toMatchObject({
      code: 'SYSTEM_ERROR',
      function: 'virConnectOpen',
      object: lab.uri,
      message: expect.stringMatching(/Failed to connect socket to .*: Permission denied/),
      hint: 'add your user to the group libvirt and log in again, or use qemu:///session, or run as root',
    });
    expect(await asNobody(lab.readOnlyUri)).toEqual({ hostname: 'lab' });
  });

  it('refuses a URI that it does not know', async () => {
    await expect(connect(lab.uri.replace('/system', '/cellar'))).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      message: expect.stringContaining("unexpected qemu URI path '/cellar'"),
      hint: expect.stringContaining('a URI looks like qemu:///system'),
    });
  });
});
