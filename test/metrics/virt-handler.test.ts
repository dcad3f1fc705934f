import assert from 'node:assert/strict';
import * as virtHandler from '../../src/metrics/virt-handler.ts';
import { aKubeVirt, aPodMemory, aView, aVirtHandler } from '../builders.ts';
import { seriesOf } from './series.ts';

const LABELS = 'namespace="harvester-system",pod="virt-handler-7xk2p",node="node-1"';

describe('harvester_virt_handler_info', () => {
  const info = (image: string, kubevirt?: string) =>
    seriesOf(
      virtHandler.virtHandlerInfo,
      aView({ virtHandlers: [aVirtHandler({ container: { image } })], kubevirts: [aKubeVirt(kubevirt)] }),
    );
  const line = (version: string, leak: string): string =>
    `harvester_virt_handler_info{${LABELS},version="${version}",leak="${leak}"} 1`;

  it('takes the version from the image', () => {
    assert.deepEqual(info('r/virt-handler:1.2.2-150500.8.21.1', '1.7.0'), [line('1.2.2', 'per_freeze')]);
  });

  it('takes it from the KubeVirt resource where the image is pinned by digest', () => {
    assert.deepEqual(info('r/virt-handler@sha256:0123', '1.7.4-150700.3.24.2'), [
      line('1.7.4', 'client_race'),
    ]);
  });

  it('says unknown without both', () => {
    assert.deepEqual(info('r/virt-handler@sha256:0123'), [line('', 'unknown')]);
  });
});

describe('the memory of a virt-handler', () => {
  it('has its limit, and its working set where it is served', () => {
    const view = aView({ virtHandlers: [aVirtHandler()], virtHandlerMemory: [aPodMemory(500)] });
    assert.deepEqual(seriesOf(virtHandler.memoryLimit, view), [
      `harvester_virt_handler_memory_limit_bytes{${LABELS}} 1677721600`,
    ]);
    assert.deepEqual(seriesOf(virtHandler.memoryWorkingSet, view), [
      `harvester_virt_handler_memory_working_set_bytes{${LABELS}} 500`,
    ]);
  });

  it('is absent where there is no limit and no measurement', () => {
    const view = aView({ virtHandlers: [aVirtHandler({ container: { memoryLimitBytes: undefined } })] });
    assert.deepEqual(seriesOf(virtHandler.memoryLimit, view), []);
    assert.deepEqual(seriesOf(virtHandler.memoryWorkingSet, view), []);
  });

  it('is that of the container virt-handler alone', () => {
    assert.deepEqual(
      seriesOf(virtHandler.restarts, aView({ virtHandlers: [aVirtHandler({ containers: [] })] })),
      [],
    );
  });
});

describe('the end of a virt-handler', () => {
  it('is told with its restarts, and the OOM kill only if that was its end', () => {
    const view = aView({
      virtHandlers: [aVirtHandler({ container: { restarts: 7, oomKilledMs: 9_000, startedMs: 10_000 } })],
    });
    assert.deepEqual(seriesOf(virtHandler.restarts, view), [
      `harvester_virt_handler_restarts_total{${LABELS}} 7`,
    ]);
    assert.deepEqual(seriesOf(virtHandler.lastOomKill, view), [
      `harvester_virt_handler_last_oom_kill_timestamp_seconds{${LABELS}} 9`,
    ]);
    assert.deepEqual(seriesOf(virtHandler.startTime, view), [
      `harvester_virt_handler_start_time_seconds{${LABELS}} 10`,
    ]);
    assert.deepEqual(seriesOf(virtHandler.lastOomKill, aView({ virtHandlers: [aVirtHandler()] })), []);
  });
});
