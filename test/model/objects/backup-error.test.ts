import assert from 'node:assert/strict';
import { backupErrorReason, failsBeforeFreeze } from '../../../src/model/objects/backup-error.ts';
import { volumeErrorReason } from '../../../src/model/objects/volume-error.ts';
import { groupBy } from '../../../src/model/group-by.ts';
import { compareVersions } from '../../../src/model/versions.ts';
import { VM_BACKUP_ERROR_TEXTS, VOLUME_ERROR_TEXTS } from './backup-error-texts.ts';

const RELEASES = ['1.3.2', '1.4.3', '1.5.2', '1.6.1', '1.7.3', '1.8.2', '1.9.0'];

const writtenBy =
  (release: string) =>
  ({ releases: [first, last] }: { readonly releases: readonly [string, string] }): boolean =>
    compareVersions(first.replace('-rc6', ''), release) <= 0 &&
    compareVersions(last.replace('-rc6', ''), release) >= 0;

describe('the reason of a VMBackup in error', () => {
  for (const { reason, releases, text } of VM_BACKUP_ERROR_TEXTS) {
    it(`${reason}, ${releases.join('–')}: ${text.slice(0, 90)}`, () => {
      assert.equal(backupErrorReason(text), reason);
    });
  }

  it('is other for none that a shipped release can come to', () => {
    const others = VM_BACKUP_ERROR_TEXTS.filter(({ reason }) => reason === 'other');
    // Guards for what cannot be: a nil volume backup, a missing client, an annotation that is no boolean.
    assert.equal(
      others.every(({ text }) => /is nil|not initialized|at index 0 not found|freeze ?FS/i.test(text)),
      true,
    );
  });

  it('is other for an unknown text, and for one that only contains words of a known text', () => {
    const texts = [
      'something new',
      'pvc prod/db-disk-0 is being deleted',
      'VolumeSnapshot a in error state since today',
      'the agent said: failed to freeze file system',
      'no disk: lhbackup b is not populated for it',
    ];
    assert.deepEqual(
      texts.map((text) => backupErrorReason(text)),
      texts.map(() => 'other'),
    );
  });
});

describe('the reason of a failed VolumeSnapshot of a volume', () => {
  for (const { reason, releases, text } of VOLUME_ERROR_TEXTS) {
    it(`${reason}, ${releases.join('–')}: ${text.slice(-90)}`, () => {
      assert.equal(volumeErrorReason(text), reason);
    });
  }
});

describe('an error that no freeze precedes', () => {
  const reasons = groupBy(VM_BACKUP_ERROR_TEXTS, ({ reason }) => reason);
  for (const [reason, texts] of reasons) {
    for (const release of RELEASES) {
      const stages = new Set(texts.filter(writtenBy(release)).map(({ stage }) => stage));
      // Its text is written instead of the freeze call.
      if (reason === 'vm_not_running') stages.delete('freeze');
      const example = texts[0]?.text ?? '';
      it(`${reason} in ${release}: never said of one that may follow a freeze`, () => {
        const before = failsBeforeFreeze(backupErrorReason(example), release);
        assert.equal(before && (stages.has('freeze') || stages.has('after_freeze')), false);
      });
      if (stages.size > 0 && !stages.has('freeze') && !stages.has('after_freeze')) {
        it(`${reason} in ${release}: said of one that never follows a freeze`, () => {
          assert.equal(failsBeforeFreeze(backupErrorReason(example), release), true);
        });
      }
    }
  }

  it('by the older code while the release is unknown', () => {
    assert.equal(failsBeforeFreeze('lh_backup_not_found', undefined), false);
    assert.equal(failsBeforeFreeze('csi_config', undefined), true);
  });
});
