import assert from 'node:assert/strict';
import { longhornBackupProblem } from '../../src/metrics/longhorn.ts';
import { resources } from '../../src/model/resources.ts';
import type { ClusterView } from '../../src/model/view.ts';
import { aView } from '../builders.ts';
import { seriesOf } from './series.ts';

const { longhornBackups, persistentVolumes, virtualMachines } = resources({
  kubevirt: 'harvester-system',
  longhorn: 'longhorn-system',
});

const failed = (labels: unknown) =>
  longhornBackups.decode({
    metadata: { name: 'backup-1', namespace: 'longhorn-system', labels: { 'backup-volume': 'pvc-1' } },
    spec: { snapshotName: 'snapshot-1' },
    status: { state: 'Error', labels },
  });
const claimedVolume = persistentVolumes.decode({
  metadata: { name: 'pvc-1' },
  spec: {
    csi: { driver: 'driver.longhorn.io', volumeHandle: 'pvc-1' },
    claimRef: { namespace: 'team-a', name: 'db-01-disk-0' },
  },
});
const vm = virtualMachines.decode({
  metadata: { name: 'db-01', namespace: 'team-a' },
  spec: {
    template: {
      spec: { volumes: [{ name: 'disk-0', persistentVolumeClaim: { claimName: 'db-01-disk-0' } }] },
    },
  },
});

describe('harvester_longhorn_backup_problem', () => {
  const labelsOf = (parts: Parameters<typeof aView>[0]): readonly string[] =>
    seriesOf(longhornBackupProblem, aView(parts) satisfies ClusterView);

  it('names the VM by the claim that the backup notes', () => {
    const status = { KubernetesStatus: '{"namespace":"team-a","pvcName":"db-01-disk-0"}' };
    assert.deepEqual(labelsOf({ longhornBackups: [failed(status)], virtualMachines: [vm] }), [
      'harvester_longhorn_backup_problem{backup="backup-1",volume="pvc-1",namespace="team-a",vm="db-01",state="Error"} 1',
    ]);
  });

  it('names the VM by the claim that has the volume now, when the backup failed before it noted one', () => {
    const parts = { longhornBackups: [failed(null)], virtualMachines: [vm] };
    assert.deepEqual(labelsOf({ ...parts, persistentVolumes: [claimedVolume] }), [
      'harvester_longhorn_backup_problem{backup="backup-1",volume="pvc-1",namespace="team-a",vm="db-01",state="Error"} 1',
    ]);
    assert.deepEqual(labelsOf(parts), [
      'harvester_longhorn_backup_problem{backup="backup-1",volume="pvc-1",namespace="longhorn-system",vm="",state="Error"} 1',
    ]);
  });
});
