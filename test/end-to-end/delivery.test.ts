import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPrograms, type Monitoring, startMonitoring } from '../../simulator/demo/monitoring.ts';
import { incident } from '../../simulator/scenarios/incident.ts';
import { PEER_METRICS_PATH } from '../../simulator/simulation.ts';
import { eventually } from './deadline.ts';
import { programs } from './program.ts';
import { type WatchedCluster, type WatchedSimulation, watchedSimulation } from './watched-simulation.ts';
import { type Notified, startWebhook, type Webhook } from './webhook.ts';

const SPEED = 60;
/** The rules ask for a quarter of an hour of a loop; that is a quarter of a minute here. */
const PAGED_WITHIN_MS = 70_000;
const CURED_WITHIN_MS = 30_000;
const RESOLVED_WITHIN_MS = 60_000;

describe('the page of a freeze loop', function () {
  this.timeout(150_000);
  const start = programs();
  const directory = mkdtempSync(join(tmpdir(), 'freezewatch-delivery-'));
  let watched: WatchedSimulation | undefined;
  let webhook: Webhook | undefined;
  let monitoring: Monitoring | undefined;

  before(function () {
    const missing = missingPrograms();
    if (missing.length === 0) return;
    process.stderr.write(`SKIPPED: no page is delivered: there is no ${missing.join(' and no ')}\n`);
    this.skip();
  });
  after(async () => {
    await monitoring?.close();
    watched?.clock.stop();
    await watched?.close();
    await webhook?.close();
    rmSync(directory, { recursive: true });
  });

  async function begin(): Promise<{ readonly prod: WatchedCluster; readonly heard: Webhook['heard'] }> {
    watched = await watchedSimulation(incident, SPEED);
    webhook = await startWebhook();
    const [prod] = watched.clusters;
    assert.ok(prod);
    watched.clock.start();
    const targets = [
      { job: 'freezewatch', url: `${prod.url}/metrics`, labels: {} },
      { job: 'peers', url: `${prod.simulated.url}${PEER_METRICS_PATH}`, labels: {} },
    ];
    monitoring = await startMonitoring({ targets, speed: SPEED, webhookUrl: webhook.url });
    return { prod, heard: webhook.heard };
  }

  async function breakLoop(prod: WatchedCluster): Promise<void> {
    const kubeconfig = join(directory, 'kubeconfig.yaml');
    writeFileSync(kubeconfig, prod.simulated.kubeconfig);
    const program = start(['break-loop', '--kubeconfig', kubeconfig, '--apply']);
    assert.equal((await program.end(undefined, CURED_WITHIN_MS)).code, 0, program.output);
  }

  it('reaches the receiver with VM, backups and node, and is taken back when the backups are deleted', async () => {
    const { prod, heard } = await begin();
    const page = (alertname: string, labels: Readonly<Record<string, string>>): Promise<Notified> =>
      eventually(() => heard(alertname).find((alert) => isFiring(alert, labels)), {
        within: PAGED_WITHIN_MS,
        every: 100,
        describe: () => `${alertname} was not delivered for ${JSON.stringify(labels)}`,
      });
    const looping = loopingBackups(prod, 'db-01');
    assert.equal(looping.length, 34);

    const severity = 'critical';
    const loop = await page('HarvesterVMFreezeLoop', { namespace: 'erp', vm: 'db-01', severity });
    await page('HarvesterVMFreezeLoop', { namespace: 'erp', vm: 'app-01', severity });
    const { description = '', runbook_url = '' } = loop.annotations;
    assert.match(description, /VM erp\/db-01 on node node-2 gets \d+ freeze calls an hour/);
    assert.match(description, /freezewatch break-loop --namespace erp --vm db-01/);
    for (const name of looping) assert.ok(description.includes(`${name} (lh_backup_not_found)`), name);
    assert.match(runbook_url, /HarvesterVMFreezeLoop/);
    const conflict = await page('HarvesterBackupTargetConflict', { severity });
    assert.match(conflict.annotations.description ?? '', /backups-prod/);

    await breakLoop(prod);
    assert.deepEqual(loopingBackups(prod, 'db-01'), []);
    await eventually(
      () => {
        const loops = heard('HarvesterVMFreezeLoop');
        return loops.every(({ status }) => status === 'resolved') ? loops : undefined;
      },
      { within: RESOLVED_WITHIN_MS, every: 100, describe: () => 'the page was not taken back' },
    );
  });
});

const isFiring = ({ status, labels: has }: Notified, wanted: Readonly<Record<string, string>>): boolean =>
  status === 'firing' && Object.entries(wanted).every(([label, value]) => has[label] === value);

const loopingBackups = ({ simulated }: WatchedCluster, vm: string): readonly string[] =>
  simulated
    .truth()
    .vmBackups.filter((backup) => backup.vm === vm && backup.state === 'error')
    .map(({ name }) => name);
