import { isIPv6, SocketAddress } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsServer } from './tls-server.ts';

/** Why a client may not talk to us, by the certificate it showed; undefined when it may. */
export function refusal({ clientAuth, allowedSans }: TlsServer, socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  const required = clientAuth.startsWith('Require');
  if (certificate === undefined) return required ? 'the client showed no certificate' : undefined;
  const verified = clientAuth === 'RequireAndVerifyClientCert' || clientAuth === 'VerifyClientCertIfGiven';
  if (verified && !socket.authorized)
    return `the client's certificate is not valid: ${String(socket.authorizationError)}`;
  if (allowedSans === undefined) return undefined;
  const names = subjectAltNames(certificate.subjectAltName ?? '');
  return names.some((name) => allowedSans.includes(name)) ? undefined : 'the client has no allowed SAN';
}

/**
 * The names in Node's rendering of a certificate's subjectAltName: `DNS:a, IP Address:10.0.0.1, DNS:"with, comma"`.
 * A name with special characters is a JSON string there, so that it cannot pose as several.
 */
export function subjectAltNames(text: string): readonly string[] {
  const entries = text.matchAll(
    /(?:DNS|IP Address|URI|email):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)|[^,]*(?:, |$)/gy,
  );
  return [...entries].flatMap(([, name]) => {
    if (name === undefined) return [];
    const plain = name.startsWith('"') ? String(JSON.parse(name)) : name;
    // OpenSSL spells all eight groups out.
    return [isIPv6(plain) ? new SocketAddress({ address: plain, family: 'ipv6' }).address : plain];
  });
}
