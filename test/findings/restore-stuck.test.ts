import assert from 'node:assert/strict';
import { findStuckRestores } from '../../src/findings/restore-stuck.ts';
import { vmRestoreProblem } from '../../src/metrics/backup.ts';
import type { VmRestore } from '../../src/model/objects/vm-restore.ts';
import { seriesOf } from '../metrics/series.ts';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
  type ViewOverrides,
  aBackupTarget,
  aRestore,
  aTargetSetting,
  aView,
  aVmBackup,
} from '../builders.ts';

const hanging = (overrides: Partial<VmRestore> = {}): VmRestore =>
  aRestore({
    name: 'back',
    complete: false,
    restoredMs: undefined,
    progress: 17,
    createdMs: NOW_MS - DAY_MS,
    ...overrides,
  });

const evidenceOf = (restore: VmRestore, overrides: ViewOverrides = {}) =>
  findStuckRestores(aView({ vmBackups: [aVmBackup()], restores: [restore], ...overrides })).map(
    ({ evidence }) => evidence[0]?.value,
  );

describe('a restore that does not come to an end', () => {
  it('is a finding with what it blocks, and a series', () => {
    const view = aView({ vmBackups: [aVmBackup()], restores: [hanging()] });
    const [finding] = findStuckRestores(view);
    assert.deepEqual(
      { ...finding, remedy: undefined },
      {
        id: 'HarvesterVMRestoreStuck',
        severity: 'warning',
        title: '1 restore of VM prod/db hangs',
        subject: { namespace: 'prod', vm: 'db' },
        evidence: [{ label: 'back', value: 'of VMBackup prod/nightly: 17 % done, begun 1 d ago' }],
        explanation:
          'A restore that is not complete blocks every change of the backup target and the deletion of its VMBackup, and Harvester does not end it by itself.',
        remedy: undefined,
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMRestoreStuck.md',
      },
    );
    assert.deepEqual(seriesOf(vmRestoreProblem, view), [
      'harvester_vmrestore_problem{namespace="prod",vm="db",vmrestore="back",reason="stuck"} 1',
    ]);
  });

  it('is found at once when it failed', () => {
    const failed = hanging({ failed: true, createdMs: NOW_MS - MINUTE_MS });
    assert.deepEqual(evidenceOf(failed), ['of VMBackup prod/nightly: in error, begun 1 min ago']);
    assert.deepEqual(seriesOf(vmRestoreProblem, aView({ restores: [failed] })), [
      'harvester_vmrestore_problem{namespace="prod",vm="db-restored",vmrestore="back",reason="error"} 1',
    ]);
  });

  it('is said to wait for its VM when the data is there', () => {
    assert.deepEqual(evidenceOf(hanging({ waitsForVm: true, writtenMs: NOW_MS - 5 * HOUR_MS })), [
      'of VMBackup prod/nightly: its data is there, but VM db-restored does not become ready, begun 1 d ago, no progress for 5 h',
    ]);
  });

  it('names a target that is away', () => {
    const [finding] = findStuckRestores(
      aView({
        restores: [hanging()],
        backupTargets: [aBackupTarget({ available: false })],
        targetSettings: [aTargetSetting()],
      }),
    );
    assert.match(finding?.explanation ?? '', /^The backup target is not available/);
  });

  it('leaves alone: one that moves, a young one, a complete one, and one being deleted', () => {
    assert.deepEqual(evidenceOf(hanging({ writtenMs: NOW_MS - HOUR_MS })), []);
    assert.deepEqual(evidenceOf(hanging({ createdMs: NOW_MS - HOUR_MS })), []);
    assert.deepEqual(evidenceOf(hanging({ complete: true })), []);
    assert.deepEqual(evidenceOf(hanging({ deletingSinceMs: NOW_MS - HOUR_MS })), []);
  });

  it('leaves alone: one that was seen to move', () => {
    const progressHistory = {
      of: () => ({ firstProgress: 3, firstMs: 0, sinceMs: NOW_MS - HOUR_MS, changed: true }),
    };
    assert.deepEqual(evidenceOf(hanging(), { progressHistory }), []);
  });
});
