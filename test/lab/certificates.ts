// A certificate authority of a lab's own with a certificate for the daemon and one for its clients, in the
// file names that libvirt looks for below `pkipath` (https://libvirt.org/tlscerts.html).

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LEAVES = [
  { name: 'server', usage: 'serverAuth', subject: '/CN=localhost' },
  { name: 'client', usage: 'clientAuth', subject: '/O=virtnet/CN=client' },
] as const;

/** Writes cacert.pem, servercert.pem, serverkey.pem, clientcert.pem and clientkey.pem into `folder`. */
export function writeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'cakey.pem',
    '-out',
    'cacert.pem',
    '-subj',
    '/CN=lab',
    '-days',
    '2',
  );
  for (const { name, usage, subject } of LEAVES) {
    const request = `${name}.csr`;
    const extensions = `${name}.ext`;
    writeFileSync(
      join(folder, extensions),
      [
        'basicConstraints=critical,CA:FALSE',
        'keyUsage=critical,digitalSignature,keyEncipherment',
        `extendedKeyUsage=${usage}`,
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
      ].join('\n'),
    );
    openssl('req', ...newKey, '-keyout', `${name}key.pem`, '-out', request, '-subj', subject);
    const signed = ['-CA', 'cacert.pem', '-CAkey', 'cakey.pem', '-CAcreateserial', '-days', '1'];
    openssl('x509', '-req', '-in', request, ...signed, '-extfile', extensions, '-out', `${name}cert.pem`);
  }
}
