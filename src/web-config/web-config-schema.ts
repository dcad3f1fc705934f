import { z } from 'zod';
import { CIPHER_SUITES, CURVES, TLS_VERSIONS } from './tls-names.ts';

/** How a server treats client certificates; the names of Go's crypto/tls. */
const CLIENT_AUTH_TYPES = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;
export type ClientAuthType = (typeof CLIENT_AUTH_TYPES)[number];

const keysOf = <T extends object>(table: T): [keyof T & string, ...(keyof T & string)[]] =>
  Object.keys(table) as [keyof T & string, ...(keyof T & string)[]]; // the tables are literals, and not empty

const clientAuthType = z.preprocess(
  // An old name of the exporter-toolkit.
  (name) => (name === 'RequireClientCert' ? 'RequireAnyClientCert' : name),
  z.enum(CLIENT_AUTH_TYPES),
);

const tlsServer = z.strictObject({
  cert: z.string().optional(),
  cert_file: z.string().optional(),
  key: z.string().optional(),
  key_file: z.string().optional(),
  client_ca: z.string().optional(),
  client_ca_file: z.string().optional(),
  client_auth_type: clientAuthType.default('NoClientCert'),
  client_allowed_sans: z.array(z.string()).optional(),
  min_version: z.enum(keysOf(TLS_VERSIONS)).default('TLS12'),
  max_version: z.enum(keysOf(TLS_VERSIONS)).default('TLS13'),
  cipher_suites: z.array(z.enum(keysOf(CIPHER_SUITES))).default([]),
  curve_preferences: z.array(z.enum(keysOf(CURVES))).default([]),
  // Go ignores it as well: the order is its own.
  prefer_server_cipher_suites: z.boolean().optional(),
});

/** The headers the exporter-toolkit allows (web/handler.go); the value is free where none is listed. */
const headers = z.strictObject({
  'Strict-Transport-Security': z.string().exactOptional(),
  'X-Content-Type-Options': z.literal('nosniff').exactOptional(),
  'X-Frame-Options': z.enum(['deny', 'sameorigin']).exactOptional(),
  'X-XSS-Protection': z.string().exactOptional(),
  'Content-Security-Policy': z.string().exactOptional(),
});

const bcryptHash = z
  .string()
  .regex(/^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/, 'expected a bcrypt hash');

/** The web configuration of the Prometheus exporter-toolkit (docs/web-configuration.md), but for its rate limit. */
export const webConfigSchema = z.strictObject({
  tls_server_config: tlsServer.optional(),
  // HTTP/2 is accepted in the file but not offered: a scraper gains nothing from it.
  http_server_config: z
    .strictObject({ http2: z.boolean().optional(), headers: headers.optional() })
    .optional(),
  basic_auth_users: z.record(z.string(), bcryptHash).optional(),
});

export type TlsServerFields = z.infer<typeof tlsServer>;
