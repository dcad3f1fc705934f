import assert from 'node:assert/strict';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { PodLogs } from '../../../simulator/pod-logs.ts';
import { aPod, TestCluster } from './test-cluster.ts';

const POD = { namespace: 'harvester-system', name: 'virt-api-1' };
const LOG = '/api/v1/namespaces/harvester-system/pods/virt-api-1/log';
const NOW = new Date('2025-02-20T08:01:00.000Z');
const at = (second: number): Date => new Date(Date.UTC(2025, 1, 20, 8, 0, second, 250));

describe('the log of a pod', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start({ now: () => NOW });
    cluster.store.apply(aPod(POD.name, ['virt-api']));
    for (const second of [0, 1, 2]) cluster.logs.append(POD, 'virt-api', `line ${second}`, at(second));
  });
  afterEach(() => cluster.server.close());

  const reads: readonly (readonly [query: string, text: string])[] = [
    ['', 'line 0\nline 1\nline 2\n'],
    ['container=virt-api&tailLines=1', 'line 2\n'],
    ['tailLines=0', ''],
    ['limitBytes=9', 'line 0\nli'],
    ['sinceTime=2025-02-20T08:00:01Z', 'line 1\nline 2\n'],
    ['sinceSeconds=59', 'line 1\nline 2\n'],
    ['sinceTime=2025-02-20T08:00:01.900Z', 'line 1\nline 2\n'],
    ['tailLines=2&sinceTime=2025-02-20T08:00:02Z', 'line 2\n'],
    ['timestamps=true&tailLines=1', '2025-02-20T08:00:02.250000000Z line 2\n'],
  ];
  for (const [query, text] of reads) {
    it(`is served with ${query === '' ? 'no option' : query}`, async () => {
      assert.equal(await cluster.text(`${LOG}?${query}`), text);
    });
  }

  it('has a stamp of its own for each line of one millisecond', async () => {
    cluster.logs.append(POD, 'virt-api', 'again', at(2));
    assert.equal(
      await cluster.text(`${LOG}?timestamps=true&tailLines=2`),
      '2025-02-20T08:00:02.250000000Z line 2\n2025-02-20T08:00:02.250001000Z again\n',
    );
  });

  it('is followed until the pod is deleted', async () => {
    const { lines } = await cluster.open(`${LOG}?follow=true&tailLines=1`);
    const read: string[] = [];
    for await (const line of lines) {
      read.push(line);
      if (read.length === 1) cluster.logs.append(POD, 'virt-api', 'new');
      else cluster.store.remove('pods', POD.namespace, POD.name);
    }
    assert.deepEqual(read, ['line 2', 'new']);
    assert.equal((await cluster.fetch(LOG)).status, 404);
  });

  it('is followed until limitBytes are sent', async () => {
    const { lines } = await cluster.open(`${LOG}?follow=true&tailLines=0&limitBytes=3`);
    cluster.logs.append(POD, 'virt-api', 'long line');
    const read: string[] = [];
    for await (const line of lines) read.push(line);
    assert.deepEqual(read, ['lon']);
  });

  it('ends for a follower when the file is rotated, and only the new file is served', async () => {
    const { lines } = await cluster.open(`${LOG}?follow=true&tailLines=1`);
    for await (const line of lines) {
      assert.equal(line, 'line 2');
      cluster.logs.rotate(POD, 'virt-api');
      cluster.logs.append(POD, 'virt-api', 'rotated');
    }
    assert.equal(await cluster.text(LOG), 'rotated\n');
  });

  it('ends for a follower when the container restarts, and is the previous one from then on', async () => {
    const { lines } = await cluster.open(`${LOG}?follow=true&tailLines=1`);
    for await (const line of lines) {
      assert.equal(line, 'line 2');
      cluster.logs.restart(POD, 'virt-api');
    }
    assert.equal(await cluster.text(`${LOG}?previous=true`), 'line 0\nline 1\nline 2\n');
    assert.equal(await cluster.text(LOG), '');
  });

  it('is not waited for where the container has ended', async () => {
    cluster.store.apply(
      aPod(POD.name, ['virt-api'], { 'virt-api': { state: { terminated: { exitCode: 0 } } } }),
    );
    assert.equal(await cluster.text(`${LOG}?follow=true&tailLines=1`), 'line 2\n');
  });

  const crashLoop = {
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { reason: 'OOMKilled' } },
  };

  it('is that of the last run while a container waits for its next one', async () => {
    cluster.store.apply(aPod(POD.name, ['virt-api'], { 'virt-api': crashLoop }));
    assert.equal(await cluster.text(`${LOG}?follow=true&tailLines=1`), 'line 2\n');
  });

  const refusals: readonly (readonly [why: string, states: object, query: string, message: string])[] = [
    [
      'the container waits to start',
      { 'virt-api': { state: { waiting: { reason: 'ContainerCreating' } } } },
      'container=virt-api',
      'container "virt-api" in pod "virt-api-1" is waiting to start: ContainerCreating',
    ],
    [
      'its image cannot be pulled',
      { 'virt-api': { state: { waiting: { reason: 'ImagePullBackOff' } } } },
      'container=virt-api',
      'container "virt-api" in pod "virt-api-1" is waiting to start: trying and failing to pull image',
    ],
    ['there is no such container', {}, 'container=nope', 'container nope is not valid for pod virt-api-1'],
    [
      'no container is named and there are several',
      {},
      '',
      'a container name must be specified for pod virt-api-1, choose one of: [virt-api sidecar]',
    ],
    [
      'the container was never restarted',
      {},
      'container=sidecar&previous=true',
      'previous terminated container "sidecar" in pod "virt-api-1" not found',
    ],
  ];
  for (const [why, states, query, message] of refusals) {
    it(`is refused with 400 when ${why}`, async () => {
      cluster.store.apply(
        aPod(POD.name, ['virt-api', 'sidecar'], states as Readonly<Record<string, object>>),
      );
      const { status, body } = await cluster.fetch(`${LOG}?${query}`);
      assert.deepEqual([status, body.message], [400, message]);
    });
  }

  for (const query of [
    'sinceSeconds=0',
    'tailLines=-1',
    'limitBytes=0',
    'sinceTime=x',
    'sinceSeconds=1&sinceTime=2025-01-01T00:00:00Z',
  ]) {
    it(`is refused with 422 for ${query}`, async () => {
      assert.equal((await cluster.fetch(`${LOG}?${query}`)).status, 422);
    });
  }

  it('ignores sinceTime where that fault is on', async () => {
    cluster.server.faults.inject({ type: 'ignore-since' }, { times: 1 });
    assert.match(await cluster.text(`${LOG}?sinceTime=2025-02-20T08:00:02Z`), /^line 0/);
  });
});

describe('PodLogs', () => {
  it('never holds more bytes than its limit, and always the newest line', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 }), { minLength: 1, maxLength: 60 }), (texts) => {
        const logs = new PodLogs({ now: () => NOW, limitBytes: 200 });
        for (const text of texts) logs.append(POD, 'c', text);
        const kept = logs.read(POD, 'c') ?? [];
        const bytes = kept.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
        assert.ok(bytes <= 200);
        assert.deepEqual(
          kept.map(({ text }) => text),
          texts.slice(texts.length - kept.length),
        );
        assert.equal(kept.at(-1)?.text, texts.at(-1));
      }),
    );
  });
});
