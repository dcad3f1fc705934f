import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { createApi } from '../../src/cluster/api.ts';
import { loadConfig } from '../../src/config/config.ts';
import { takeSnapshot } from '../../src/inputs/snapshot.ts';
import type { ClusterView } from '../../src/model/view.ts';
import { type ExportedCluster, movedToNow, replayed } from '../field/replayed-cluster.ts';
import { differences } from './differences.ts';
import { EXPLAINED } from './explained.ts';
import { lasting } from './played.ts';

interface Case {
  readonly exportedAt: string;
  readonly clusters: readonly ExportedCluster[];
}

/** Longer than every `for` but those of a day. */
const MINUTES = 75;
const folder = process.env.FREEZEWATCH_FIELD_CASES ?? '';

describe('alerts and findings on clusters from bug reports', function () {
  this.timeout(120_000);
  if (!existsSync(folder)) {
    it('say the same', function () {
      process.stderr.write(
        'SKIPPED: alerts on clusters from bug reports: FREEZEWATCH_FIELD_CASES names no folder\n',
      );
      this.skip();
    });
    return;
  }
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    it(`say the same of ${file}`, async () => {
      const { exportedAt, clusters } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Case;
      for (const cluster of clusters) {
        const view = await viewOf(movedToNow(cluster, exportedAt));
        // What objects show lasts while time goes on. Calls in a log do not: the scenarios compare those.
        const story = lasting(file, (minute) => ({ ...view, nowMs: view.nowMs + minute * 60_000 }), MINUTES);
        const { onlyAlert, onlyFinding } = await differences(story, MINUTES - 1, new Date(view.nowMs));
        const unexplained = (keys: readonly string[]) =>
          keys.filter((key) => EXPLAINED[key.split(' ')[0] ?? ''] === undefined && !isOfCalls(key));
        assert.deepEqual(
          { onlyAlert: unexplained(onlyAlert), onlyFinding: unexplained(onlyFinding) },
          { onlyAlert: [], onlyFinding: [] },
        );
      }
    });
  }
});

const isOfCalls = (key: string): boolean => /^HarvesterVMFreeze(?:Loop|Failing) /.test(key);

async function viewOf(cluster: ExportedCluster): Promise<ClusterView> {
  const server = await replayed(cluster);
  try {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromString(server.kubeconfig());
    const config = await loadConfig({ command: 'diagnose', flags: new Map(), environment: {} });
    const api = createApi(kubeConfig, { userAgent: 'freezewatch/test' });
    return await takeSnapshot({ api, config, signal: new AbortController().signal });
  } finally {
    await server.close();
  }
}
