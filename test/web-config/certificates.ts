import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A self-signed certificate for localhost, which also serves as a client's, in `<name>.crt` and `<name>.key`. */
export function writeCertificate(
  directory: string,
  name: string,
  subjectAltName = 'DNS:localhost,IP:127.0.0.1',
): Certificate {
  const certFile = join(directory, `${name}.crt`);
  const keyFile = join(directory, `${name}.key`);
  const { status, stderr } = spawnSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ].concat([
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=${subjectAltName}`,
      '-keyout',
      keyFile,
      '-out',
      certFile,
    ]),
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Puts a certificate in the place of another. */
export function replaceCertificate(directory: string, name: string, { cert, key }: Certificate): void {
  writeFileSync(join(directory, `${name}.crt`), cert);
  writeFileSync(join(directory, `${name}.key`), key);
}

/** Whether this machine can make certificates. */
export const hasOpenssl = (): boolean => spawnSync('openssl', ['version']).status === 0;
