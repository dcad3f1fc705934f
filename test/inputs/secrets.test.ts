import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApi } from '../../src/cluster/api.ts';
import { loadKubeConfig } from '../../src/cluster/kube-config.ts';
import * as diagnose from '../../src/commands/diagnose.ts';
import { serve, whileServing } from '../../src/commands/serve.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createExporter } from '../../src/inputs/exporter.ts';
import type { LogFields, Logger } from '../../src/logger.ts';
import type { KubeObject } from '../../simulator/kube-object.ts';
import { CREDENTIAL_CANARY } from '../../simulator/objects/harvester-settings.ts';
import { SECRET_CANARY } from '../../simulator/objects/vm-backup.ts';
import { scenarioNamed } from '../../simulator/scenarios.ts';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { runCommand } from '../commands/run-command.ts';

const SETTING = 'settings.harvesterhci.io';
const PATHS = ['/metrics', '/', '/api/findings'];
const DEADLINE_MS = 8_000;

describe('Secrets and credentials of the cluster', function () {
  this.timeout(30_000);
  let simulation: Simulation;
  const directory = mkdtempSync(join(tmpdir(), 'freezewatch-secrets-'));
  const kubeconfig = join(directory, 'kubeconfig');
  const logged: string[] = [];
  const stop = new AbortController();
  let url: string;
  let working: Promise<void>;

  before(async () => {
    simulation = await startSimulation({ scenario: scenarioNamed('incident') });
    writeFileSync(kubeconfig, simulation.cluster('prod').kubeconfig);
    const flags = new Map([['web.listen-address', ['127.0.0.1:0']]]);
    const config = await loadConfig({ command: 'serve', flags, environment: {} });
    const logger = recorder(logged);
    const exporter = createExporter({
      api: createApi(loadKubeConfig({ kubeconfig }), { userAgent: 'test' }),
      config,
      logger,
    });
    const server = await serve(exporter, config, logger);
    url = server.url;
    working = whileServing(server, exporter.run(stop.signal));
  });
  after(async () => {
    stop.abort();
    await working;
    await simulation.close();
    rmSync(directory, { recursive: true });
  });

  /** Changes Harvester's Setting of the target, as a user's write does before its credentials are stripped. */
  const setTarget = (value: string): void => {
    const { store } = simulation.cluster('prod');
    store.patch(SETTING, '', 'backup-target', (object): KubeObject => ({ ...object, value }));
  };

  const seen = async (): Promise<string> => {
    const texts = await Promise.all(PATHS.map(async (path) => (await fetch(`${url}${path}`)).text()));
    const report = await runCommand({ ...diagnose, name: 'diagnose' }, simulation.cluster('prod').kubeconfig);
    return [...texts, ...logged, report.stdout, report.stderr].join('\n');
  };

  const until = async (text: string): Promise<string> => {
    const deadline = performance.now() + DEADLINE_MS;
    for (;;) {
      const all = await seen();
      if (all.includes(text)) return all;
      assert.ok(performance.now() < deadline, `${text} was never seen`);
      await sleep(50);
    }
  };

  const canaries = [CREDENTIAL_CANARY, SECRET_CANARY];

  it('reach no metric, page, finding, report or log while they are where users put them', async () => {
    const credentials = { accessKeyId: CREDENTIAL_CANARY, secretAccessKey: CREDENTIAL_CANARY };
    const place = { type: 's3', bucketName: 'backups-prod', bucketRegion: 'us-east-1', ...credentials };
    setTarget(
      JSON.stringify({ ...place, endpoint: `https://user:${CREDENTIAL_CANARY}@s3.other.example.net` }),
    );
    const all = await until('s3://s3.other.example.net/backups-prod');
    // The copies of Secrets are in the VMBackups of this very cluster.
    assert.ok(all.includes('erp/db-01'));
    for (const canary of canaries) assert.ok(!all.includes(canary), `${canary} was seen`);
  });

  it('are not told by the complaint about a Setting that cannot be read', async () => {
    setTarget(`{"type":"s3","secretAccessKey":"${CREDENTIAL_CANARY}",`);
    const all = await until('freezewatch_decode_errors_total{resource="setting_backup_target"} 1');
    for (const canary of canaries) assert.ok(!all.includes(canary), `${canary} was seen`);
  });
});

function recorder(lines: string[]): Logger {
  const write = (message: string, fields: LogFields = {}): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { debug: write, info: write, warn: write, error: write };
}
