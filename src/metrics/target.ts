import { fingerprint } from '../model/conflicts/fingerprint.ts';
import { conflictLevel } from '../model/conflicts/conflict-level.ts';
import { currentTargets } from '../model/targets/current-target.ts';
import { targetEvidence } from '../model/conflicts/target-evidence.ts';
import { removedBackups } from '../model/targets/target-history.ts';
import { signalCount, TARGET_SIGNALS } from '../model/conflicts/target-signal.ts';
import { targetMisconfiguration } from '../model/targets/target-misconfiguration.ts';
import { family, seconds } from './family.ts';

export const backupTargetInfo = family({
  name: 'harvester_backup_target_info',
  type: 'gauge',
  help: 'Constant 1; where backups are written, in one spelling and without credentials. Equal target_id: the same place, if its scope is public; other names may mean another store in another network or cluster, and ambiguous ones even in the same. Absent until cluster_uid is known.',
  labels: ['target', 'target_id', 'loose_id', 'type', 'scope', 'cluster_uid'],
  *observe(view) {
    if (view.clusterUid === undefined) return;
    for (const { place } of currentTargets(view)) {
      const { target, targetId, looseId, type, scope } = place;
      const labels = {
        target,
        target_id: targetId,
        loose_id: looseId,
        type,
        scope,
        cluster_uid: view.clusterUid,
      };
      yield { labels, value: 1 };
    }
  },
});

export const backupTargetAvailable = family({
  name: 'harvester_backup_target_available',
  type: 'gauge',
  help: '1 while Longhorn can reach the target, else 0.',
  labels: ['target_id'],
  *observe(view) {
    for (const { place, target } of currentTargets(view)) {
      yield { labels: { target_id: place.targetId }, value: Number(target.available) };
    }
  },
});

export const backupTargetLastSync = family({
  name: 'harvester_backup_target_last_sync_timestamp_seconds',
  type: 'gauge',
  help: 'When Longhorn last read the list of backups from the target; absent if never.',
  labels: ['target_id'],
  *observe(view) {
    for (const { place, target } of currentTargets(view)) {
      if (target.lastSyncedMs === undefined) continue;
      yield { labels: { target_id: place.targetId }, value: seconds(target.lastSyncedMs) };
    }
  },
});

export const backupTargetFingerprint = family({
  name: 'harvester_backup_target_fingerprint',
  type: 'gauge',
  help: 'Constant 1; up to 8 hashes that stand for the volumes in the store, the smallest of all in order. Clusters with 6 of 8 volume_hash in common use one store, or a replica of it.',
  labels: ['target_id', 'slot', 'volume_hash', 'cluster_uid'],
  *observe(view) {
    if (view.clusterUid === undefined) return;
    for (const { place, target } of currentTargets(view)) {
      const volumes = [...view.backupVolumes].filter((each) => each.target === target.name);
      for (const [slot, hash] of fingerprint(volumes).entries()) {
        const identity = { target_id: place.targetId, cluster_uid: view.clusterUid };
        yield { labels: { ...identity, slot: String(slot), volume_hash: hash }, value: 1 };
      }
    }
  },
});

export const backupTargetEvidence = family({
  name: 'harvester_backup_target_evidence',
  type: 'gauge',
  help: "What speaks for a shared target, counted. foreign_volume: volumes in the store that never were this cluster's. live_foreign_write: backups another writer made within 24 hours while this cluster watched. imported_backup: VMBackups Harvester took from the target; live_import: those that another cluster just made; foreign_schedule: those of a schedule this cluster does not have. not_found: VMBackups in error because Longhorn does not know the backup. dangling, degraded: VMBackups whose data is gone, as we or as Harvester found. local_writer: 1 if this cluster writes backups itself. deleted_import: imports in not_found that were deleted within 7 days while we watched, as the next resync may bring them back. Absent until its inputs were read.",
  labels: ['target_id', 'signal'],
  *observe(view) {
    for (const evidence of targetEvidence(view)) {
      for (const signal of TARGET_SIGNALS) {
        const value = signalCount(view, evidence, signal);
        if (value !== undefined)
          yield { labels: { target_id: evidence.current.place.targetId, signal }, value };
      }
    }
  },
});

export const backupTargetRemovedBackups = family({
  name: 'harvester_backup_target_removed_backups_total',
  type: 'counter',
  help: 'Backups made by this cluster that Longhorn dropped because they vanished from the store, since the exporter started or the target changed. Backups deleted here do not count.',
  labels: ['target_id'],
  *observe(view) {
    for (const { place, target } of currentTargets(view)) {
      const value = removedBackups(view.targetHistory, target.name, view.nowMs, view.timing);
      if (value !== undefined) yield { labels: { target_id: place.targetId }, value };
    }
  },
});

export const backupTargetConflictLevel = family({
  name: 'harvester_backup_target_conflict_level',
  type: 'gauge',
  help: 'How sure it is that another cluster uses the target. 0: no sign. 1: it holds backups of elsewhere. 2: another writer is active. 3: and data is missing, or backups fail for it. Absent until the target was synced within three polls.',
  labels: ['target_id'],
  *observe(view) {
    for (const evidence of targetEvidence(view)) {
      const value = conflictLevel(view, evidence);
      if (value !== undefined) yield { labels: { target_id: evidence.current.place.targetId }, value };
    }
  },
});

export const backupTargetMisconfigured = family({
  name: 'harvester_backup_target_misconfigured',
  type: 'gauge',
  help: "Constant 1 while Harvester's Setting backup-target names a place that Longhorn does not use. target_missing: Longhorn has no BackupTarget default. url_empty: it has no usable URL. setting_differs: it names another place. Absent while they agree, and within ten minutes of a change.",
  labels: ['reason'],
  *observe(view) {
    const misconfiguration = targetMisconfiguration(view);
    if (misconfiguration !== undefined) yield { labels: { reason: misconfiguration.reason }, value: 1 };
  },
});
