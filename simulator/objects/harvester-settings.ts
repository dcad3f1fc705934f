import { createHash } from 'node:crypto';
import type { KubeObject } from '../kube-object.ts';
import type { Site } from '../site.ts';

/** Credentials as a user typed them; Harvester strips them from the Setting, and so they must never be seen again. */
export const CREDENTIAL_CANARY = 'CANARY-secret-access-key-of-the-bucket';

/** Harvester's Setting `backup-target`; its value is JSON, empty while no target is set. */
export function backupTargetSetting(site: Site, lastRefreshAt: string | undefined): KubeObject {
  const { target } = site.spec;
  const withRefresh = !site.release.importsOnEveryResync;
  const value =
    target === undefined
      ? ''
      : JSON.stringify({
          type: 's3',
          endpoint: target.endpoint,
          accessKeyId: '',
          secretAccessKey: '',
          bucketName: target.bucket,
          bucketRegion: target.region,
          cert: '',
          virtualHostedStyle: false,
          ...(withRefresh
            ? { refreshIntervalInSeconds: Math.ceil(target.refreshIntervalMs / 1_000 / site.clock.speed) }
            : {}),
        });
  const hash = createHash('sha224').update(value).digest('hex');
  const annotations = {
    'harvesterhci.io/hash': hash,
    ...(lastRefreshAt === undefined ? {} : { 'harvesterhci.io/lastRefreshTime': lastRefreshAt }),
  };
  return {
    apiVersion: 'harvesterhci.io/v1beta1',
    kind: 'Setting',
    metadata: { name: 'backup-target', ...(withRefresh ? { annotations } : {}) },
    value,
    default: '',
    status: { conditions: [{ type: 'configured', status: target === undefined ? 'False' : 'True' }] },
  };
}

export const serverVersionSetting = ({ release }: Site): KubeObject => ({
  apiVersion: 'harvesterhci.io/v1beta1',
  kind: 'Setting',
  metadata: { name: 'server-version' },
  value: `v${release.harvester}`,
  default: '',
  status: {},
});
