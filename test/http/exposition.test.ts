import assert from 'node:assert/strict';
import { createExposition } from '../../src/http/exposition.ts';
import { family } from '../../src/metrics/family.ts';
import type { ClusterView } from '../../src/model/view.ts';

const nowMs = 42_000;
const view = { nowMs } as ClusterView;
const frozen = family({
  name: 'harvester_vmi_filesystem_frozen',
  type: 'gauge',
  help: 'A gauge.',
  labels: ['namespace', 'vm'],
  *observe() {
    yield { labels: { namespace: 'prod', vm: 'a"b\\c\nd' }, value: 1 };
  },
});
const writes = family({
  name: 'harvester_vmbackup_writes_total',
  type: 'counter',
  help: 'A counter.',
  labels: ['vmbackup'],
  *observe({ nowMs: now }) {
    yield { labels: { vmbackup: 'b' }, value: now };
    yield { labels: { vmbackup: 'zero' }, value: 0 };
  },
});
const broken = family({
  name: 'harvester_broken',
  type: 'gauge',
  help: 'Fails after its first sample.',
  labels: [],
  *observe() {
    yield { labels: {}, value: 1 };
    throw new Error('boom');
  },
});
const info = family({
  name: 'freezewatch_build_info',
  type: 'gauge',
  help: 'An info.',
  labels: ['version'],
  *observe() {
    yield { labels: { version: '1' }, value: 1 };
  },
});

const render = async (options: Partial<Parameters<typeof createExposition>[0]>): Promise<string> =>
  createExposition({
    families: [],
    view: () => view,
    clusterName: '',
    onError: () => undefined,
    ...options,
  }).render();
const series = (text: string): readonly string[] =>
  text.split('\n').filter((line) => /^(?:harvester|freezewatch)_/.test(line));

describe('the exposition', () => {
  it('escapes label values and shows counters that are zero', async () => {
    assert.deepEqual(series(await render({ families: [frozen, writes] })), [
      'harvester_vmi_filesystem_frozen{namespace="prod",vm="a\\"b\\\\c\\nd"} 1',
      'harvester_vmbackup_writes_total{vmbackup="b"} 42000',
      'harvester_vmbackup_writes_total{vmbackup="zero"} 0',
    ]);
  });

  it('reads the view anew for each scrape, and forgets what is gone', async () => {
    const views = [view, { nowMs: 1 } as ClusterView];
    const exposition = createExposition({
      families: [writes],
      view: () => views.shift() ?? view,
      clusterName: '',
      onError: () => undefined,
    });
    await exposition.render();
    assert.match(await exposition.render(), /^harvester_vmbackup_writes_total\{vmbackup="b"\} 1$/m);
  });

  it('serves the rest when one metric cannot be computed, and says so in the same scrape', async () => {
    const errors: string[] = [];
    const text = await render({
      families: [broken, frozen],
      onError: (name, error) => errors.push(`${name}: ${String(error)}`),
    });
    assert.match(text, /^harvester_vmi_filesystem_frozen\{/m);
    assert.match(text, /^freezewatch_scrape_errors_total\{family="harvester_broken"\} 1$/m);
    assert.doesNotMatch(text, /^harvester_broken 1/m);
    assert.deepEqual(errors, ['harvester_broken: Error: boom']);
  });

  it("puts the cluster's name on the cluster's series only", async () => {
    assert.deepEqual(series(await render({ families: [writes, info], clusterName: 'east' })), [
      'harvester_vmbackup_writes_total{vmbackup="b",cluster="east"} 42000',
      'harvester_vmbackup_writes_total{vmbackup="zero",cluster="east"} 0',
      'freezewatch_build_info{version="1"} 1',
    ]);
  });

  it('comes with the metrics of the process', async () => {
    assert.match(await render({}), /^process_resident_memory_bytes \d+/m);
  });
});
