import type { Upload } from '../model/backups/uploads.ts';
import type { ClusterView } from '../model/view.ts';
import { bytes, duration, moment } from './wording.ts';

/** What is known of the Longhorn Backup of one volume, for people: `uploads, 43 % done, 20.0 MiB a second, until about …`. */
export function uploadText({ nowMs }: ClusterView, upload: Upload): string {
  const { state, backup, standing, rate, endMs } = upload;
  switch (state) {
    case 'complete':
      return backup?.backupCreatedMs === undefined
        ? 'complete'
        : `complete since ${moment(backup.backupCreatedMs)}`;
    case 'missing':
      return 'does not exist';
    case 'failed':
      return `state ${backup?.state ?? 'unknown'}`;
    case 'hangs': {
      const age = duration(nowMs - (backup?.createdMs ?? nowMs));
      const since =
        standing?.stillSinceMs === undefined
          ? `begun ${age} ago; when it last moved is not known`
          : `no progress for ${duration(nowMs - standing.stillSinceMs)}`;
      return `hangs at ${backup?.progress ?? 0} %, ${since}`;
    }
    case 'uploading': {
      const speed =
        rate === undefined || endMs === undefined
          ? ''
          : `, ${bytes(rate)} a second, until about ${moment(endMs)}`;
      return `uploads, ${backup?.progress ?? 0} % done${speed}`;
    }
  }
}
