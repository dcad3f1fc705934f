import { isIPv4, isIPv6 } from 'node:net';
import { InvalidValue } from './invalid-value.ts';

/** Where to listen. An empty host means every address of the machine; port 0 means any free port. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The address in the spelling of the command line. */
export const listenAddressText = ({ host, port }: ListenAddress): string =>
  `${isIPv6(host) ? `[${host}]` : host}:${port}`;

/** Parses `:9965`, `127.0.0.1:0`, `localhost:9965` or `[::1]:9965`; throws InvalidValue. */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[(?<ipv6>[^\]]+)\]|(?<host>[^:[\]]*)):(?<port>\d{1,5})$/.exec(text);
  const { ipv6, host, port } = match?.groups ?? {};
  if (port === undefined) {
    throw new InvalidValue(
      `${JSON.stringify(text)} is not an address: write host:port, as :9965, 127.0.0.1:9965 or [::1]:9965`,
    );
  }
  if (Number(port) > 65_535) throw new InvalidValue(`${JSON.stringify(text)}: a port is at most 65535`);
  if (ipv6 !== undefined && !isIPv6(ipv6))
    throw new InvalidValue(`${JSON.stringify(text)}: ${ipv6} is not an IPv6 address`);
  const hostName = ipv6 ?? host ?? '';
  if (ipv6 === undefined && !isHost(hostName)) {
    throw new InvalidValue(`${JSON.stringify(text)}: ${hostName} is neither an IPv4 address nor a host name`);
  }
  return { host: hostName, port: Number(port) };
}

const isHost = (host: string): boolean =>
  host === '' ||
  isIPv4(host) ||
  // Digits and dots alone are a mistyped IPv4 address, not a name to look up.
  (!/^[\d.]+$/.test(host) && /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host));
