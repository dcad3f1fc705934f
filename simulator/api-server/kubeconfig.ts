import { stringify } from 'yaml';

/** What a kubeconfig says about one cluster and its user. */
interface KubeconfigEntry {
  readonly name: string;
  readonly url: string;
  /** The certificate of the server or its authority, PEM; without one the server speaks plain HTTP. */
  readonly certificateAuthority?: string;
  readonly token?: string;
}

/** A kubeconfig (YAML) with one context per entry; the first is the current one. */
export function kubeconfigText(entries: readonly [KubeconfigEntry, ...KubeconfigEntry[]]): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': entries[0].name,
    clusters: entries.map(({ name, url, certificateAuthority }) => ({
      name,
      cluster: { server: url, ...trust(certificateAuthority) },
    })),
    users: entries.map(({ name, token }) => ({ name, user: token === undefined ? {} : { token } })),
    contexts: entries.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
  });
}

/** @kubernetes/client-node 1.4 refuses plain HTTP unless verification is off; kubectl does not mind. */
const trust = (certificateAuthority: string | undefined): object =>
  certificateAuthority === undefined
    ? { 'insecure-skip-tls-verify': true }
    : { 'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64') };
