/**
 * The program as an operator starts it: `node dist/cli.js serve` against the embedded API server, on another process.
 * Prints the time from the start to a ready /readyz, and the resident memory then and 30 s later (Linux).
 *
 *   npm run build && npx tsx bench/start.ts [VMIS] [VMBACKUPS]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApiServer } from '../simulator/api-server/server.ts';
import { kindsServed } from '../simulator/kinds.ts';
import { KubeObjectStore } from '../simulator/kube-object-store.ts';
import { PodLogs } from '../simulator/pod-logs.ts';

const [vmis = 10_000, vmBackups = 10_000] = process.argv.slice(2).map(Number);
const PORT = 19_965;
const IDLE_MS = 30_000;
const padding = 'x'.repeat(4_200);

const store = new KubeObjectStore({
  kinds: kindsServed({
    kubevirt: true,
    harvester: { errorColumn: 'date', schedules: true },
    longhorn: { backupTargets: true },
    monitoring: false,
  }),
  now: () => new Date(),
});
for (const name of ['kube-system', 'default', 'harvester-system', 'longhorn-system']) {
  store.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}
for (let i = 0; i < vmis; i += 1) {
  store.apply({
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: `vm-${i}`, namespace: 'default', annotations: { padding } },
    status: {
      phase: 'Running',
      nodeName: `node-${i % 9}`,
      conditions: [{ type: 'AgentConnected', status: 'True' }],
    },
  });
}
for (let i = 0; i < vmBackups; i += 1) {
  store.apply({
    apiVersion: 'harvesterhci.io/v1beta1',
    kind: 'VirtualMachineBackup',
    metadata: { name: `backup-${i}`, namespace: 'default' },
    spec: { source: { kind: 'VirtualMachine', name: `vm-${i % Math.max(1, vmis)}` }, type: 'backup' },
    status: {
      readyToUse: true,
      sourceUID: `uid-${i}`,
      creationTime: '2025-03-01T02:07:41Z',
      source: { metadata: { name: 'vm' }, spec: { padding } },
      volumeBackups: [{ name: `volume-${i}`, longhornBackupName: `backup-${i}`, progress: 100 }],
      conditions: [{ type: 'Ready', status: 'True', lastUpdateTime: '2025-03-01T02:07:41Z' }],
    },
  });
}

const server = await startApiServer({ store, logs: new PodLogs({ now: () => new Date() }) });
const directory = mkdtempSync(join(tmpdir(), 'freezewatch-bench-'));
const kubeconfig = join(directory, 'kubeconfig.yaml');
writeFileSync(kubeconfig, server.kubeconfig());

const startedMs = performance.now();
const program = spawn(
  process.execPath,
  [
    join(import.meta.dirname, '../dist/cli.js'),
    'serve',
    '--kubeconfig',
    kubeconfig,
    '--web.listen-address',
    `127.0.0.1:${PORT}`,
    '--log.level',
    'error',
  ],
  { stdio: 'inherit' },
);
const memory = (field: 'VmRSS' | 'VmHWM'): string => {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+)`).exec(
    readFileSync(`/proc/${program.pid}/status`, 'utf8'),
  )?.[1];
  return `${Math.round(Number(kilobytes) / 1024)} MiB`;
};
const answers = async (): Promise<boolean> =>
  (await fetch(`http://127.0.0.1:${PORT}/readyz`).catch(() => undefined))?.ok === true;

while (!(await answers())) await sleep(10);
console.log(`${vmis} VMIs, ${vmBackups} VMBackups of about 5 KB`);
console.log(`ready after ${Math.round(performance.now() - startedMs)} ms; peak RSS ${memory('VmHWM')}`);
const scrapeMs = performance.now();
const text = await (await fetch(`http://127.0.0.1:${PORT}/metrics`)).text();
console.log(`scrape of ${text.split('\n').length} lines: ${Math.round(performance.now() - scrapeMs)} ms`);
await sleep(IDLE_MS);
console.log(`after ${IDLE_MS / 1_000} s idle: RSS ${memory('VmRSS')}, peak ${memory('VmHWM')}`);
program.kill('SIGTERM');
await server.close();
rmSync(directory, { recursive: true });
