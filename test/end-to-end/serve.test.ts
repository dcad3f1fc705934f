import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { findProgram } from '../../simulator/demo/programs.ts';
import { incident } from '../../simulator/scenarios/incident.ts';
import { type SimulatedCluster, type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { eventually, when } from './deadline.ts';
import { seriesAt, shows } from './live-metrics.ts';
import { type Program, programs } from './program.ts';

const ANY_PORT = ['--web.listen-address', '127.0.0.1:0'];
const SPEED = 60;

describe('freezewatch serve', function () {
  this.timeout(30_000);
  const start = programs();
  const directory = mkdtempSync(join(tmpdir(), 'freezewatch-serve-'));
  const kubeconfig = join(directory, 'kubeconfig.yaml');
  let simulation: Simulation;
  let cluster: SimulatedCluster;

  before(async () => {
    simulation = await startSimulation({ scenario: incident, speed: SPEED });
    cluster = simulation.cluster('prod');
    writeFileSync(kubeconfig, cluster.kubeconfig);
  });
  after(async () => {
    await simulation.close();
    rmSync(directory, { recursive: true });
  });

  const serving = (...args: readonly string[]): Program =>
    start(['serve', '--kubeconfig', kubeconfig, ...ANY_PORT, ...args]);

  it('becomes ready, and counts the freeze calls of the cluster', async () => {
    const url = await serving().ready();
    await shows(
      url,
      /^harvester_vmi_freeze_requests_total\{namespace="erp",vm="db-01",action="freeze",result="success"\} [1-9]/,
    );
    await shows(url, /^harvester_vmbackups\{namespace="erp",type="backup",state="error"\} [1-9]/);
    await shows(url, /^harvester_virt_handler_info\{.*leak="per_freeze"\} 1$/);
  });

  it('serves liveness, readiness, the status page and the findings on the routes of the contract', async () => {
    const url = await serving().ready();
    for (const path of ['/livez', '/healthz', '/readyz']) {
      const response = await fetch(url + path);
      assert.deepEqual([path, response.status, await response.text()], [path, 200, 'ok\n']);
    }
    const page = await fetch(`${url}/`);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(await page.text(), /erp\/db-01/);
    const document = (await (await fetch(`${url}/api/findings`)).json()) as Readonly<Record<string, unknown>>;
    assert.equal(document.apiVersion, 'freezewatch/v1');
    assert.deepEqual(document.cluster, { name: '', uid: cluster.truth().clusterUid });
    assert.equal((await fetch(`${url}/nothing`)).status, 404);
  });

  it('compresses the metrics for those who accept gzip, and names the text format', async () => {
    const url = await serving().ready();
    const plain = await exchange(`${url}/metrics`, {});
    assert.equal(plain.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(plain.headers['content-encoding'], undefined);
    const packed = await exchange(`${url}/metrics`, { 'Accept-Encoding': 'gzip' });
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.equal(packed.headers['content-type'], plain.headers['content-type']);
    assert.match(gunzipSync(packed.body).toString(), /^# HELP harvester_vmi_freeze_requests_total /m);
  });

  it('serves metrics that promtool finds no fault with', async function () {
    const promtool = findProgram('promtool');
    if (promtool === undefined) {
      process.stderr.write('SKIPPED: the live metrics are not linted: there is no promtool\n');
      this.skip();
    }
    const url = await serving('--cluster-name', 'prod').ready();
    await shows(url, /^harvester_backup_target_conflict_level/);
    const input = await (await fetch(`${url}/metrics`)).text();
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], { input, encoding: 'utf8' });
    assert.deepEqual({ status, said: stdout + stderr }, { status: 0, said: '' });
  });

  it('takes a flag before a variable, a variable before the file, and the file before the default', async () => {
    const file = join(directory, 'config.yaml');
    writeFileSync(file, 'cluster-name: of-file\nweb.telemetry-path: /of-file\nlog.format: json\n');
    const program = start(
      ['--config', file, '--kubeconfig', kubeconfig, '--web.telemetry-path', '/of-flag', ...ANY_PORT],
      { FREEZEWATCH_CLUSTER_NAME: 'of-variable', FREEZEWATCH_WEB_TELEMETRY_PATH: '/of-variable' },
    );
    const url = await program.printed(/"url":"([^"]+)"/);
    const series = await eventually(
      async () => {
        const lines = await seriesAt(`${url}/of-flag`);
        return lines.some((line) => line.startsWith('harvester_vmbackups{')) ? lines : undefined;
      },
      { within: 10_000, describe: () => program.output },
    );
    for (const line of series.filter((each) => each.startsWith('harvester_')))
      assert.match(line, /cluster="of-variable"/);
    for (const line of series.filter((each) => each.startsWith('freezewatch_')))
      assert.doesNotMatch(line, /cluster="/);
    assert.equal((await fetch(`${url}/metrics`)).status, 404);
    for (const line of program.stderr.trim().split('\n')) JSON.parse(line);
  });

  it('ends with 0 within 5 seconds of SIGTERM, and finishes the scrapes that run', async () => {
    const program = serving();
    const url = await program.ready();
    // A client that never finishes its request may not hold it up.
    const stuck = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
    await once(stuck, 'connect');
    stuck.write('GET /metrics HTTP/1.1\r\nHost: ');
    let complete = 0;
    const scraping = (async () => {
      for (;;) {
        const response = await answered(`${url}/metrics`).catch(() => undefined);
        if (response === undefined) return;
        // Rejects when an answer that began is cut.
        assert.match((await bodyOf(response)).toString(), /\nnodejs_version_info.*\n/);
        complete += 1;
      }
    })();
    await eventually(() => when(complete > 0), { within: 5_000, describe: () => 'no scrape was answered' });
    const exit = await program.end('SIGTERM', 5_000);
    stuck.destroy();
    assert.deepEqual([exit.code, exit.signal], [0, null]);
    await scraping;
    assert.match(program.stderr, /msg=stopped/);
  });

  it('names freezewatch demo, with exit code 2, where there is no kubeconfig', async () => {
    const program = start(['serve', ...ANY_PORT]);
    const { code } = await program.end(undefined, 10_000);
    assert.equal(code, 2);
    assert.match(program.stderr, /freezewatch demo/);
    assert.doesNotMatch(program.output, /localhost:8080/);
  });

  it('names the flag, with exit code 2, when its port is taken', async () => {
    const url = await serving().ready();
    const address = new URL(url).host;
    const second = start(['--kubeconfig', kubeconfig, '--web.listen-address', address]);
    assert.equal((await second.end(undefined, 10_000)).code, 2);
    assert.match(second.stderr, new RegExp(`--web\\.listen-address: ${address} is already in use`));
  });
});

interface Exchanged {
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** As Prometheus asks: without the decoding that fetch does by itself. */
async function exchange(url: string, headers: Readonly<Record<string, string>>): Promise<Exchanged> {
  const response = await answered(url, headers);
  return { headers: response.headers, body: await bodyOf(response) };
}

async function answered(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { headers, agent: false }), 'response')) as [IncomingMessage];
  return response;
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
