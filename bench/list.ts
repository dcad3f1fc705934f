/** Time and memory of a first list through the watch: `npx tsx bench/list.ts [OBJECTS]`. The server runs in a child. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { createApi, type Api } from '../src/cluster/api.ts';
import { watch } from '../src/cluster/watch.ts';
import type { Identity } from '../src/model/change.ts';
import type { Resource } from '../src/model/resource.ts';
import { resources } from '../src/model/resources.ts';

const PAGE = 500;
const PADDING = 'x'.repeat(4_500);

function page(path: string, start: number, total: number): string {
  const items = Array.from({ length: Math.min(PAGE, total - start) }, (_, index) => ({
    metadata: {
      namespace: 'prod',
      name: `object-${start + index}`,
      uid: `uid-${start + index}`,
      generation: 1,
    },
    spec: {
      source: { kind: 'VirtualMachine', name: `vm-${start + index}` },
      type: 'backup',
      padding: PADDING,
    },
    status: { readyToUse: true, phase: 'Running', nodeName: 'node-1' },
  }));
  const token = start + PAGE < total ? String(start + PAGE) : '';
  return JSON.stringify({ path, items, metadata: { resourceVersion: '1', continue: token } });
}

async function serve(total: number): Promise<void> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://server');
    if (url.searchParams.has('watch')) response.end();
    else response.end(page(url.pathname, Number(url.searchParams.get('continue') ?? 0), total));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.((server.address() as AddressInfo).port);
}

async function listed<T extends Identity>(api: Api, resource: Resource<T>): Promise<T[]> {
  const onDecodeError = (_resource: Resource, error: Error): never => {
    throw error;
  };
  const objects: T[] = [];
  for await (const change of watch(api, resource, { onDecodeError })(new AbortController().signal)) {
    if (change.type === 'set') objects.push(change.object);
  }
  return objects;
}

async function measure(total: number): Promise<void> {
  const child = fork(new URL(import.meta.url).pathname, ['serve', String(total)], {
    execArgv: process.execArgv,
  });
  const [port] = (await once(child, 'message')) as [number];
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'bench', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'bench' },
  );
  const api = createApi(config, { userAgent: 'freezewatch/bench' });
  const { vmis, vmBackups } = resources({ kubevirt: 'harvester-system', longhorn: 'longhorn-system' });
  const startRssMiB = process.memoryUsage.rss() / 2 ** 20;
  const startedMs = performance.now();
  const kept = [...(await listed(api, vmis)), ...(await listed(api, vmBackups))];
  const seconds = ((performance.now() - startedMs) / 1e3).toFixed(2);
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log({ kept: kept.length, seconds, startRssMiB: Math.round(startRssMiB), peakMiB });
  child.kill();
}

const [mode, size = '10000'] =
  process.argv[2] === 'serve' ? process.argv.slice(2) : ['measure', process.argv[2]];
await (mode === 'serve' ? serve(Number(size)) : measure(Number(size)));
