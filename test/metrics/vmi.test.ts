import assert from 'node:assert/strict';
import { catalogue } from '../../src/metrics/catalogue.ts';
import * as vmi from '../../src/metrics/vmi.ts';
import {
  aRestore,
  aServerVersion,
  aView,
  aVirtHandler,
  aVm,
  aVmBackup,
  aVmi,
  unavailable,
} from '../builders.ts';
import { seriesOf } from './series.ts';

const zero = { success: 0, rejected: 0, failed: 0 };

describe('harvester_vmi_freeze_requests_total', () => {
  it('has one series per VM, action and result, from 0 on', () => {
    const calls = { freeze: { ...zero, success: 2 }, unfreeze: { ...zero, failed: 1 } };
    const view = aView({ vmis: [aVmi()], freezes: { 'prod/db': { calls } } });
    const series = (action: string, result: string, value: number): string =>
      `harvester_vmi_freeze_requests_total{namespace="prod",vm="db",action="${action}",result="${result}"} ${value}`;
    assert.deepEqual(seriesOf(vmi.freezeRequests, view), [
      series('freeze', 'failed', 0),
      series('freeze', 'rejected', 0),
      series('freeze', 'success', 2),
      series('unfreeze', 'failed', 1),
      series('unfreeze', 'rejected', 0),
      series('unfreeze', 'success', 0),
    ]);
  });

  it('counts a VM once that has a VirtualMachine and a VMI, and one that is off', () => {
    const view = aView({ vmis: [aVmi()], virtualMachines: [aVm(), aVm({ name: 'off' })] });
    assert.equal(seriesOf(vmi.freezeRequests, view).length, 12);
  });

  it('is absent, not 0, while the access log is not read', () => {
    assert.deepEqual(seriesOf(vmi.freezeRequests, aView({ vmis: [aVmi()], countsFreezes: false })), []);
  });
});

describe('the counts of the launchers', () => {
  it('start at 0, and are absent where this shard does not count', () => {
    const view = aView({ vmis: [aVmi()] });
    assert.deepEqual(seriesOf(vmi.safetyUnfreezes, view), [
      'harvester_vmi_safety_unfreezes_total{namespace="prod",vm="db"} 0',
    ]);
    assert.deepEqual(seriesOf(vmi.unfreezeFailures, { ...view, launcherEventsOf: () => undefined }), []);
    assert.deepEqual(seriesOf(vmi.safetyUnfreezes, { ...view, countsLauncherEvents: false }), []);
  });
});

describe('harvester_vmi_info', () => {
  it('joins a VM to its node', () => {
    assert.deepEqual(seriesOf(vmi.vmiInfo, aView({ vmis: [aVmi()] })), [
      'harvester_vmi_info{namespace="prod",vm="db",node="node-1",phase="Running",guest_agent="true"} 1',
    ]);
    assert.deepEqual(seriesOf(vmi.vmiInfo, aView({ vmis: unavailable() })), []);
  });
});

describe('the series budget', () => {
  it('is at most 16 series for a healthy VM', () => {
    const vmsOf = (names: readonly string[]) =>
      aView({
        vmis: names.map((name) => aVmi({ name, uid: name })),
        virtualMachines: names.map((name) => aVm({ name, uid: name })),
        vmBackups: names.flatMap((vm) => [
          aVmBackup({ name: `${vm}-backup`, vm }),
          aVmBackup({ name: `${vm}-snapshot`, vm, type: 'snapshot' }),
        ]),
        restores: names.map((vm) => aRestore({ name: vm, vmBackup: `${vm}-backup` })),
        freezes: Object.fromEntries(names.map((name) => [`prod/${name}`, { lastFreezeMs: 1_000 }])),
        virtHandlers: [aVirtHandler()],
        serverVersions: [aServerVersion('v1.4.1')],
      });
    const count = (names: readonly string[]): number =>
      catalogue.reduce((sum, family) => sum + seriesOf(family, vmsOf(names)).length, 0);
    assert.equal(count(['a', 'b', 'c']) - count(['a', 'b']), 16);
  });
});
