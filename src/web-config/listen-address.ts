import { isIPv6 } from 'node:net';

/** Where to listen. An empty host means every address of the machine; port 0 means any free port. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The address in the spelling of the command line. */
export const listenAddressText = ({ host, port }: ListenAddress): string =>
  `${isIPv6(host) ? `[${host}]` : host}:${port}`;
