import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { ConfigError } from '../errors.ts';
import { CIPHER_SUITES, CURVES, TLS_13_SUITES, TLS_VERSIONS } from './tls-names.ts';
import type { ClientAuthType, TlsServerFields } from './web-config-schema.ts';

/** The TLS side of a server, its files read and proven to fit together. */
export interface TlsServer {
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuthType;
  /** undefined: any client certificate that `clientAuth` accepts will do. */
  readonly allowedSans: readonly string[] | undefined;
  readonly files: readonly string[];
}

/** Checks and loads `tls_server_config` of a file; undefined when it asks for no TLS; throws ConfigError. */
export function tlsServerOf(fields: TlsServerFields, file: string): TlsServer | undefined {
  const asksForTls = ['cert', 'cert_file', 'key', 'key_file', 'client_ca', 'client_ca_file'] as const;
  if (asksForTls.every((name) => !fields[name]) && fields.client_auth_type === 'NoClientCert')
    return undefined;
  const problems = contradictions(fields);
  if (problems.length > 0)
    throw new ConfigError(problems.map((problem) => `${file}: tls_server_config: ${problem}`));
  try {
    const context = contextOf(fields, dirname(file));
    createSecureContext(context);
    const { client_auth_type: clientAuth, client_allowed_sans: allowedSans } = fields;
    const names = [fields.cert_file, fields.key_file, fields.client_ca_file].filter(
      (name) => name !== undefined,
    );
    return { context, clientAuth, allowedSans, files: names.map((name) => resolve(dirname(file), name)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`${file}: tls_server_config: ${reason}`], error);
  }
}

/** The rules of the exporter-toolkit (web/tls_config.go, ConfigToTLSConfig). */
function contradictions(fields: TlsServerFields): readonly string[] {
  const { client_auth_type: clientAuth, min_version: least, max_version: most } = fields;
  const rules: readonly (readonly [boolean, string])[] = [
    [!fields.cert && !fields.cert_file, 'needs cert_file (or cert)'],
    [!fields.key && !fields.key_file, 'needs key_file (or key)'],
    [Boolean(fields.cert && fields.cert_file), 'has both cert and cert_file'],
    [Boolean(fields.key && fields.key_file), 'has both key and key_file'],
    [
      Boolean(fields.client_ca ?? fields.client_ca_file) && clientAuth === 'NoClientCert',
      'client_ca_file without client_auth_type: use RequireAndVerifyClientCert',
    ],
    [
      fields.client_allowed_sans !== undefined && !clientAuth.startsWith('Require'),
      'client_allowed_sans needs client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert',
    ],
    [TLS_VERSIONS[least] > TLS_VERSIONS[most], `min_version ${least} is above max_version ${most}`],
  ];
  return rules.filter(([broken]) => broken).map(([, problem]) => problem);
}

function contextOf(fields: TlsServerFields, directory: string): SecureContextOptions {
  const load = (inline: string | undefined, name: string | undefined): string | undefined =>
    name ? readFileSync(resolve(directory, name), 'utf8') : inline;
  const { cipher_suites: suites, curve_preferences: curves } = fields;
  return {
    cert: load(fields.cert, fields.cert_file),
    key: load(fields.key, fields.key_file),
    ca: load(fields.client_ca, fields.client_ca_file),
    minVersion: TLS_VERSIONS[fields.min_version],
    maxVersion: TLS_VERSIONS[fields.max_version],
    ...(suites.length > 0 && {
      ciphers: [...new Set([...TLS_13_SUITES, ...suites.map((name) => CIPHER_SUITES[name])])].join(':'),
    }),
    ...(curves.length > 0 && { ecdhCurve: curves.map((name) => CURVES[name]).join(':') }),
  };
}
