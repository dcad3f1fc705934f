import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as diagnose from '../../src/commands/diagnose.ts';
import { runCommand } from '../commands/run-command.ts';
import { type ExportedCluster, movedToNow, replayed } from './replayed-cluster.ts';

interface Case {
  readonly exportedAt: string;
  readonly clusters: readonly ExportedCluster[];
}
interface Expected {
  readonly what: string;
  /** Findings that have to be there. */
  readonly has: readonly string[];
  /** Findings that would be wrong. */
  readonly lacks?: readonly string[];
  /** What no text may say. */
  readonly says?: RegExp;
  readonly neverSays?: RegExp;
}

/** Small clusters from bug reports, by the name of their file. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  b1: { what: 'a missing snapshot class', has: ['HarvesterVMBackupError'], neverSays: /does not know/ },
  b12: { what: 'a restore that hangs', has: ['HarvesterVMRestoreStuck'] },
  b18: { what: 'failed Longhorn Backups without a VMBackup', has: ['HarvesterLonghornBackupError'] },
  b5: {
    what: 'an error whose Longhorn Backup is complete',
    has: ['HarvesterVMBackupError'],
    neverSays: /has no backup of that moment|delete what failed/,
  },
  b6: {
    what: 'an upload that hangs for days',
    has: ['HarvesterVMBackupStuck'],
    neverSays: /delete what failed/,
  },
  b7: { what: 'a VM that Longhorn itself backs up', has: [], lacks: ['HarvesterVMNeverBackedUp'] },
  b8: { what: 'backups in another target', has: ['backups-not-restorable-now'] },
  c1: {
    what: 'retries that never reach a freeze',
    has: ['HarvesterVMBackupError'],
    lacks: ['HarvesterVMFreezeLoop', 'HarvesterVMBackupFreezeLoop'],
  },
  d1: {
    what: 'a store that is away',
    has: ['HarvesterBackupTargetUnavailable'],
    lacks: ['HarvesterVMBackupDataMissing'],
    neverSays: /is gone from the backup target/,
  },
  f11: { what: 'freezes that all fail', has: ['HarvesterVMFreezeFailing'] },
  f2: {
    what: 'a caller that thaws what it freezes',
    has: [],
    lacks: ['HarvesterVMFreezeLoop', 'HarvesterVMBackupFreezeLoop'],
  },
  t10: {
    what: 'lost imports without proof of a peer',
    has: ['HarvesterVMBackupFreezeLoop', 'HarvesterBackupTargetConflict'],
    says: /not proven/,
    neverSays: /Another cluster uses backup target/,
  },
  t7: { what: 'no BackupTarget beside a Setting', has: ['HarvesterBackupTargetMisconfigured'] },
  v1: {
    what: 'a kill without freezes, by a version without the leak',
    has: ['HarvesterVirtHandlerOOMKilled'],
    neverSays: /Stop the freeze loops|break-loop/,
  },
  v4: {
    what: 'the client race of KubeVirt 1.7.4',
    has: ['virt-handler-leaky-version'],
    says: /1\.8\.4/,
    neverSays: /Harvester 1\.7 and later|free of errors/,
  },
};

const folder = process.env.FREEZEWATCH_FIELD_CASES ?? '';

describe('clusters from bug reports', function () {
  before(function () {
    if (existsSync(folder)) return;
    process.stderr.write(
      'SKIPPED: clusters from bug reports: FREEZEWATCH_FIELD_CASES names no folder of them\n',
    );
    this.skip();
  });

  for (const [name, { what, has, lacks = [], says, neverSays }] of Object.entries(EXPECTED)) {
    it(`${name}: ${what}`, async () => {
      const { exportedAt, clusters } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Case;
      for (const cluster of clusters) {
        const server = await replayed(movedToNow(cluster, exportedAt));
        try {
          const command = { name: 'diagnose' as const, run: diagnose.run };
          const { stdout } = await runCommand(command, server.kubeconfig(), '-o', 'json');
          const { clusters: reports } = JSON.parse(stdout) as {
            readonly clusters: readonly { readonly findings: readonly { readonly id: string }[] }[];
          };
          const ids = reports.flatMap(({ findings }) => findings.map(({ id }) => id));
          for (const id of has) assert.ok(ids.includes(id), `${id} is missing among ${ids.join(', ')}`);
          for (const id of lacks) assert.ok(!ids.includes(id), `${id} is wrong`);
          if (says !== undefined) assert.match(stdout, says);
          if (neverSays !== undefined) assert.doesNotMatch(stdout, neverSays);
        } finally {
          await server.close();
        }
      }
    });
  }
});
