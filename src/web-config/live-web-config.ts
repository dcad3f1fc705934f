import { statSync } from 'node:fs';
import type { Logger } from '../logger.ts';
import { readWebConfig, type WebConfig } from './web-config.ts';

/** The web configuration as its files are now. */
export type LiveWebConfig = () => WebConfig;

/**
 * Reads the file, and again whenever it or a file it names has changed; asking is cheap enough for every request. A broken
 * new version is logged once and leaves the last good one in force. Throws ConfigError when the first version is broken.
 */
export function createLiveWebConfig(file: string, logger: Logger): LiveWebConfig {
  let config = readWebConfig(file);
  let seen = stampOf(config.files);
  const first = config;
  return () => {
    const stamp = stampOf(config.files);
    if (stamp === seen) return config;
    seen = stamp;
    try {
      config = compatible(readWebConfig(file), first);
      // The new version may name other files.
      seen = stampOf(config.files);
      logger.info('web configuration reloaded', { file });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.error('new web configuration is broken, the last good one stays in force', {
        file,
        error: reason,
      });
    }
    return config;
  };
}

/** What a running server cannot change. */
function compatible(config: WebConfig, first: WebConfig): WebConfig {
  const same =
    (config.tls === undefined) === (first.tls === undefined) &&
    asksForCertificates(config) === asksForCertificates(first);
  if (same) return config;
  throw new Error('turning TLS or client certificates on or off needs a restart');
}

/** Whether the server asks its clients for certificates at all. */
export const asksForCertificates = ({ tls }: Pick<WebConfig, 'tls'>): boolean =>
  tls !== undefined && tls.clientAuth !== 'NoClientCert';

/** Changes with the content: Kubernetes replaces mounted files by renaming, others write in place. */
const stampOf = (files: readonly string[]): string =>
  files
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat === undefined ? 'none' : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
    })
    .join('\n');
