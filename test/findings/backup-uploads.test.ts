import assert from 'node:assert/strict';
import { findBackupErrors } from '../../src/findings/backup-error.ts';
import { findStuckBackups } from '../../src/findings/backup-stuck.ts';
import type { LonghornBackup } from '../../src/model/objects/longhorn.ts';
import type { VmBackup } from '../../src/model/objects/vm-backup.ts';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
  aLonghornBackup,
  aView,
  aVmBackup,
  aVolumeBackup,
} from '../builders.ts';

const GIB = 2 ** 30;

/** Longhorn did not answer its CSI plugin in time: Harvester gave the VMBackup up, whatever Longhorn does. */
const givenUp = (overrides: Partial<VmBackup> = {}): VmBackup =>
  aVmBackup({
    name: 'slow',
    createdMs: NOW_MS - 5 * HOUR_MS,
    readyToUse: false,
    completedMs: undefined,
    error: 'volumesnapshot_error',
    failed: true,
    failedSinceMs: NOW_MS - 5 * HOUR_MS,
    volumes: [aVolumeBackup({ longhornBackup: 'backup-slow', sizeBytes: 100 * GIB, error: 'timeout' })],
    ...overrides,
  });

const upload = (overrides: Partial<LonghornBackup> = {}): LonghornBackup =>
  aLonghornBackup({
    name: 'backup-slow',
    state: 'InProgress',
    createdMs: NOW_MS - 5 * HOUR_MS,
    backupCreatedMs: undefined,
    progress: 50,
    sizeBytes: 100 * GIB,
    statusWrittenMs: NOW_MS - 5 * MINUTE_MS,
    ...overrides,
  });

const errorOf = (backup: VmBackup, ...longhornBackups: readonly LonghornBackup[]) => {
  const [finding] = findBackupErrors(aView({ vmBackups: [backup], longhornBackups }));
  assert.ok(finding);
  return finding;
};

describe('a VMBackup in error whose Longhorn Backup', () => {
  it('is complete: its data is said to be there, and is to be kept', () => {
    const complete = upload({ state: 'Completed', progress: 100, backupCreatedMs: NOW_MS - 4 * HOUR_MS });
    const { explanation, remedy, evidence } = errorOf(givenUp(), complete);
    assert.equal(
      explanation,
      'Harvester gave up waiting for slow, but Longhorn completed it: its data is in the backup target, and Harvester calls it ready again when its VolumeSnapshot says so.',
    );
    assert.deepEqual(remedy, {
      text: 'Keep slow: with the VMBackup, its data in the target would go. Read the errors and mend the cause; see whether its Longhorn backups go on.',
      commands: [
        remedy.commands[0],
        'kubectl get backups.longhorn.io -n longhorn-system --ignore-not-found backup-slow',
      ],
    });
    assert.deepEqual(evidence.slice(1), [
      { label: '1 time', value: 'a VolumeSnapshot of it is in error state' },
      { label: 'Of 1 volume', value: 'Longhorn did not report the snapshot in time, and may still upload' },
      { label: 'Failing for', value: '5 h' },
      { label: 'Longhorn Backup backup-slow', value: 'complete since 2025-03-05 08:00:00 UTC' },
    ]);
  });

  it('still uploads: with rate and end', () => {
    const { evidence, remedy } = errorOf(givenUp(), upload());
    assert.deepEqual(evidence.at(-1), {
      label: 'Longhorn Backup backup-slow',
      value: 'uploads, 50 % done, 2.8 MiB a second, until about 2025-03-05 17:00:00 UTC',
    });
    assert.match(remedy.text, /^Keep slow/);
  });

  it('waits for its snapshot: it goes on, without a rate', () => {
    const { evidence } = errorOf(givenUp(), upload({ state: 'Pending', progress: 0 }));
    assert.deepEqual(evidence.at(-1)?.value, 'uploads, 0 % done');
  });

  it('is complete for one volume and failed for another: both are told', () => {
    const backup = givenUp({
      volumes: [
        aVolumeBackup({ longhornBackup: 'backup-slow' }),
        aVolumeBackup({ name: 'v2', longhornBackup: 'backup-2' }),
      ],
    });
    const finding = errorOf(
      backup,
      upload({ state: 'Completed', backupCreatedMs: undefined }),
      upload({ name: 'backup-2', state: 'Error' }),
    );
    assert.deepEqual(
      finding.evidence.slice(-2).map(({ value }) => value),
      ['complete', 'state Error'],
    );
    assert.match(finding.explanation, /complete or still upload/);
    assert.doesNotMatch(finding.remedy.text, /delete/);
  });

  it('is complete beside another VMBackup that has none: only that one may go', () => {
    const view = aView({
      vmBackups: [givenUp(), givenUp({ name: 'broken', error: 'csi_config', volumes: [] })],
      longhornBackups: [upload({ state: 'Completed' })],
    });
    const [finding] = findBackupErrors(view);
    assert.match(finding?.explanation ?? '', /gave up waiting for slow.*no backup of that moment/);
    assert.match(finding?.remedy.text ?? '', /^Keep slow: .* Only the others can go\.$/);
  });

  it('failed: then it is gone, as before', () => {
    const { explanation, remedy } = errorOf(givenUp(), upload({ state: 'Error' }));
    assert.match(explanation, /^The VM has no backup of that moment/);
    assert.match(remedy.text, /delete what failed/);
  });
});

const stuckEvidence = (backup: VmBackup, longhornBackup: LonghornBackup) =>
  findStuckBackups(aView({ vmBackups: [backup], longhornBackups: [longhornBackup] })).map(
    ({ evidence }) => evidence,
  );

describe('a Longhorn Backup in progress that hangs', () => {
  it('is found beside a VMBackup in error', () => {
    const hanging = upload({ createdMs: NOW_MS - 3 * DAY_MS, statusWrittenMs: NOW_MS - 3 * DAY_MS });
    assert.deepEqual(stuckEvidence(givenUp(), hanging), [
      [
        { label: 'slow', value: 'in error, while Longhorn has not ended' },
        { label: 'Longhorn Backup backup-slow', value: 'hangs at 50 %, no progress for 3 d' },
      ],
    ]);
  });

  it('is found by its age where nothing else is known, and that is said', () => {
    const hanging = upload({ createdMs: NOW_MS - 3 * DAY_MS, statusWrittenMs: undefined });
    assert.deepEqual(
      stuckEvidence(givenUp(), hanging)[0]?.[1]?.value,
      ['hangs at 50 %, begun 3 d ago; when it last moved is not known'][0],
    );
  });

  it('leaves alone: one that moves, however old', () => {
    assert.deepEqual(stuckEvidence(givenUp(), upload({ createdMs: NOW_MS - 3 * DAY_MS })), []);
  });
});

const running = (overrides: Partial<VmBackup> = {}): VmBackup =>
  givenUp({ error: undefined, failed: false, failedSinceMs: undefined, ...overrides });

describe('a backup of hours', () => {
  const big = 4_096 * GIB;

  it('is not stuck while Longhorn’s progress moves', () => {
    assert.deepEqual(stuckEvidence(running({ writtenMs: NOW_MS - 3 * HOUR_MS }), upload()), []);
  });

  it('is not stuck while the VMBackup itself moves', () => {
    const backup = running({ writtenMs: NOW_MS - 10 * MINUTE_MS });
    assert.deepEqual(stuckEvidence(backup, upload({ statusWrittenMs: undefined, sizeBytes: big })), []);
  });

  it('is not called stuck for its age when its size explains it', () => {
    const backup = running({ volumes: [aVolumeBackup({ longhornBackup: 'backup-slow', sizeBytes: big })] });
    assert.deepEqual(stuckEvidence(backup, upload({ statusWrittenMs: undefined, sizeBytes: 0 })), []);
  });

  it('is stuck once nothing moved for two hours, to the minute', () => {
    const since = (minutes: number) =>
      stuckEvidence(running(), upload({ statusWrittenMs: NOW_MS - minutes * MINUTE_MS })).length;
    assert.deepEqual([since(120), since(121)], [0, 1]);
  });

  it('is judged by what was watched before any time of a write', () => {
    const judged = (sinceMs: number, changed: boolean) =>
      findStuckBackups(
        aView({
          vmBackups: [running()],
          longhornBackups: [upload({ statusWrittenMs: undefined, sizeBytes: 0 })],
          progressHistory: {
            of: (kind) =>
              kind === 'longhornBackup'
                ? { firstProgress: 10, firstMs: sinceMs - HOUR_MS, sinceMs, changed }
                : undefined,
          },
        }),
      ).length;
    assert.equal(judged(NOW_MS - MINUTE_MS, true), 0);
    assert.equal(judged(NOW_MS - 3 * HOUR_MS, true), 1);
    assert.equal(judged(NOW_MS - 3 * HOUR_MS, false), 1);
  });
});
