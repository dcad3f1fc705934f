import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DecodeError } from '../../../src/errors.ts';
import { resources } from '../../../src/model/resources.ts';

const all = Object.entries(resources({ kubevirt: 'harvester-system', longhorn: 'longhorn-system' }));
const {
  vmBackups,
  vmis,
  virtHandlers,
  virtLaunchers,
  schedules,
  longhornBackups,
  backupTargets,
  persistentVolumes,
} = resources({
  kubevirt: 'harvester-system',
  longhorn: 'longhorn-system',
});

/** Arbitrary JSON, and arbitrary JSON in the places a decoder looks at. */
const anyObject = fc.oneof(
  fc.jsonValue(),
  fc.record({
    metadata: fc.oneof(
      fc.jsonValue(),
      fc.record({ name: fc.string({ minLength: 1 }), labels: fc.jsonValue() }),
    ),
    spec: fc.oneof(
      fc.jsonValue(),
      fc.record({ source: fc.jsonValue(), type: fc.jsonValue(), cron: fc.jsonValue() }),
    ),
    status: fc.oneof(fc.jsonValue(), fc.record({ conditions: fc.jsonValue(), error: fc.jsonValue() })),
    value: fc.jsonValue(),
  }),
);

describe('every decoder', () => {
  for (const [kind, { decode }] of all) {
    it(`of ${kind} returns a value or throws one DecodeError for any input`, () => {
      fc.assert(
        fc.property(anyObject, (object) => {
          try {
            decode(object);
          } catch (error) {
            assert.ok(error instanceof DecodeError, String(error));
          }
        }),
      );
    });
  }
});

const errorBackup = {
  metadata: {
    name: 'web-1-weekly',
    namespace: 'default',
    uid: 'b-1',
    generation: 183422,
    creationTimestamp: '2025-02-25T09:24:58Z',
    annotations: { 'harvesterhci.io/snapshotFreezeFS': 'true' },
  },
  spec: { source: { kind: 'VirtualMachine', name: 'web-1' }, type: 'backup' },
  status: {
    readyToUse: false,
    backupTarget: {
      endpoint: 'https://user:canary@s3.example.net:9000',
      bucketName: 'hv-prod',
      bucketRegion: 'x',
    },
    error: {
      time: '2025-02-25T11:02:17Z',
      message: 'backups.longhorn.io "backup-9cebaad6bf8544cc" not found',
    },
    source: { metadata: { name: 'web-1' }, spec: { cloudInit: 'canary' } },
    secretBackups: [{ name: 'web-1-cloudinit', data: { userdata: 'canary' } }],
    volumeBackups: [
      {
        name: 'web-1-weekly-volume-web-1-disk-0',
        longhornBackupName: 'backup-9cebaad6bf8544cc',
        persistentVolumeClaim: { spec: { volumeName: 'pvc-9' } },
      },
    ],
    conditions: [
      {
        type: 'InProgress',
        status: 'False',
        reason: 'Error',
        message: 'backups.longhorn.io "backup-9cebaad6bf8544cc" not found',
        lastTransitionTime: '2025-02-25T09:25:00Z',
      },
      { type: 'Ready', status: 'False', message: 'Not Ready', lastTransitionTime: '2025-02-25T09:25:00Z' },
    ],
  },
};

describe('the decoder of VMBackups', () => {
  it('keeps what the incident shows', () => {
    assert.deepEqual(vmBackups.decode(errorBackup), {
      namespace: 'default',
      name: 'web-1-weekly',
      uid: 'b-1',
      createdMs: Date.parse('2025-02-25T09:24:58Z'),
      deletingSinceMs: undefined,
      vm: 'web-1',
      type: 'backup',
      generation: 183422,
      imported: true,
      freezeAnnotation: true,
      scheduleUid: undefined,
      readyToUse: false,
      completedMs: undefined,
      progress: 0,
      writtenMs: undefined,
      error: 'lh_backup_not_found',
      errorMs: Date.parse('2025-02-25T11:02:17Z'),
      failed: true,
      failedSinceMs: Date.parse('2025-02-25T09:25:00Z'),
      degraded: undefined,
      degradedSinceMs: undefined,
      initialised: true,
      location: { endpoint: 'https://s3.example.net:9000', bucket: 'hv-prod' },
      spelling: '459a7cebcc0c61f8',
      volumes: [
        {
          name: 'web-1-weekly-volume-web-1-disk-0',
          longhornBackup: 'backup-9cebaad6bf8544cc',
          volume: 'pvc-9',
        },
      ],
    });
  });

  it('lets no Secret, no cloud-init text and no password outlive it', () => {
    assert.ok(!JSON.stringify(vmBackups.decode(errorBackup)).includes('canary'));
  });

  it('takes one that no controller touched yet', () => {
    const { metadata, spec } = errorBackup;
    const backup = vmBackups.decode({ metadata, spec: { source: spec.source } });
    assert.equal(backup.type, 'backup');
    assert.equal(backup.initialised, false);
    assert.equal(backup.error, undefined);
  });

  it('reads the time of a condition from whichever field the release writes', () => {
    const conditions = [
      { type: 'InProgress', status: 'False', reason: 'Error', lastUpdateTime: '2025-03-01T00:00:00Z' },
    ];
    const backup = vmBackups.decode({ ...errorBackup, status: { conditions } });
    assert.equal(backup.failedSinceMs, Date.parse('2025-03-01T00:00:00Z'));
    assert.equal(backup.error, 'other');
  });

  it('distinguishes the kinds of "Change back to non-ready"', () => {
    const degraded = (reason: string) =>
      vmBackups.decode({
        ...errorBackup,
        status: {
          conditions: [{ type: 'Ready', status: 'False', reason, message: 'Change back to non-ready' }],
        },
      }).degraded;
    assert.equal(degraded('cannot find longhorn backup backup-1 in the backup target'), 'missing_in_target');
    assert.equal(degraded('cannot find volume pvc-1 in the backup target'), 'missing_in_target');
    assert.equal(degraded('mount failed'), 'other');
  });

  const wrong: readonly [string, unknown, RegExp][] = [
    ['no source', { ...errorBackup, spec: {} }, /object\.name: expected a non-empty string/],
    ['readyToUse as text', { ...errorBackup, status: { readyToUse: 'yes' } }, /object\.status\.readyToUse/],
    [
      'an unknown type',
      { ...errorBackup, spec: { ...errorBackup.spec, type: 'clone' } },
      /object\.spec\.type/,
    ],
    [
      'conditions that are no list',
      { ...errorBackup, status: { conditions: {} } },
      /conditions: expected an array/,
    ],
    [
      'a time that is none',
      { ...errorBackup, status: { creationTime: 'now' } },
      /creationTime: expected an RFC 3339/,
    ],
  ];
  for (const [name, object, message] of wrong) {
    it(`refuses ${name}, and names the place`, () => {
      assert.throws(() => vmBackups.decode(object), { name: 'DecodeError', message });
    });
  }
});

describe('the decoder of VMIs', () => {
  it('reads a frozen VM', () => {
    const { node, phase, agentConnected, frozen } = vmis.decode({
      metadata: { name: 'web-01', namespace: 'team-a' },
      status: {
        phase: 'Running',
        nodeName: 'node-2',
        fsFreezeStatus: 'frozen',
        conditions: [{ type: 'AgentConnected', status: 'True' }],
      },
    });
    assert.deepEqual(
      { node, phase, agentConnected, frozen },
      {
        node: 'node-2',
        phase: 'Running',
        agentConnected: true,
        frozen: true,
      },
    );
  });

  it('takes a missing agent condition and a missing freeze status for no', () => {
    const vmi = vmis.decode({ metadata: { name: 'web-01' }, status: { conditions: null } });
    assert.equal(vmi.agentConnected, false);
    assert.equal(vmi.frozen, false);
  });
});

describe('the decoder of Pods', () => {
  const pod = (status: unknown, limits: unknown = { memory: '1600Mi' }) => ({
    metadata: { name: 'virt-handler-a', namespace: 'harvester-system' },
    spec: {
      nodeName: 'node-1',
      containers: [
        { name: 'virt-handler', image: 'virt-handler:1.2.2-150500.8.21.1', resources: { limits } },
      ],
    },
    status: { phase: 'Running', containerStatuses: [status] },
  });

  it('reads limit, restarts and the last OOM kill', () => {
    const status = {
      name: 'virt-handler',
      restartCount: 3,
      state: { running: { startedAt: '2025-02-25T10:00:00Z' } },
      lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2025-02-25T09:59:59Z' } },
    };
    assert.deepEqual(virtHandlers.decode(pod(status)).containers, [
      {
        name: 'virt-handler',
        image: 'virt-handler:1.2.2-150500.8.21.1',
        memoryLimitBytes: 1_677_721_600,
        restarts: 3,
        startedMs: Date.parse('2025-02-25T10:00:00Z'),
        oomKilledMs: Date.parse('2025-02-25T09:59:59Z'),
      },
    ]);
  });

  it('has no limit when the container has none, and fails on one that is no quantity', () => {
    const [container] = virtHandlers.decode(pod({ name: 'virt-handler' }, {})).containers;
    assert.equal(container?.memoryLimitBytes, undefined);
    assert.throws(
      () => virtHandlers.decode(pod({}, { memory: 'lots' })),
      /limits\.memory: expected a quantity/,
    );
  });

  it('takes the VM of a launcher from its annotation, else its owner, never from the host name label', () => {
    const launcher = (metadata: object) =>
      virtLaunchers.decode({
        metadata: {
          name: 'virt-launcher-x',
          namespace: 'a',
          labels: { 'vm.kubevirt.io/name': 'cut' },
          ...metadata,
        },
      }).vm;
    const owner = { kind: 'VirtualMachineInstance', name: 'a.long.name', controller: true };
    assert.equal(launcher({ annotations: { 'kubevirt.io/domain': 'a.long.name' } }), 'a.long.name');
    assert.equal(launcher({ ownerReferences: [{ kind: 'Pod', name: 'x' }, owner] }), 'a.long.name');
    assert.equal(launcher({}), undefined);
  });
});

describe('the decoder of ScheduleVMBackups', () => {
  const suspended = (status: unknown, suspend = true) =>
    schedules.decode({
      metadata: { name: 'nightly', namespace: 'default' },
      spec: {
        cron: '0 2 * * *',
        maxFailure: 4,
        suspend,
        vmbackup: { source: { name: 'web-1' }, type: 'backup' },
      },
      status,
    }).suspendedBy;
  const because = (reason: string, status = 'True') => ({
    conditions: [{ type: 'BackupSuspend', status, reason }],
  });

  it('names who suspended a schedule', () => {
    assert.equal(suspended(because('Reach Max Failure')), 'failures');
    assert.equal(suspended(because('Longhorn Backup Not Synced')), 'target');
    assert.equal(suspended(because('Proactive Schedule Suspend')), 'user');
    assert.equal(suspended({}), 'user');
    assert.equal(suspended(because('Reach Max Failure', 'False'), false), undefined);
  });
});

describe('the decoders of Longhorn', () => {
  const backup = (parts: Readonly<Record<string, unknown>>) =>
    longhornBackups.decode({ metadata: { name: 'backup-1', namespace: 'longhorn-system' }, ...parts });

  it('takes a Backup with a snapshot for native, and one without for pulled', () => {
    assert.equal(backup({ spec: { snapshotName: 'snapshot-1' } }).native, true);
    assert.equal(backup({ spec: { snapshotName: '' } }).native, false);
    assert.equal(backup({}).native, false);
  });

  it('reads an empty state as New, and refuses one it does not know', () => {
    assert.equal(backup({ status: { state: '' } }).state, 'New');
    assert.throws(() => backup({ status: { state: 'Lost' } }), DecodeError);
  });

  it('finds the claim in the label, and survives labels of other writers', () => {
    const claim = (text: string) => backup({ status: { labels: { KubernetesStatus: text } } }).claim;
    assert.deepEqual(claim('{"pvName":"p","namespace":"default","pvcName":"web-1-disk-0"}'), {
      namespace: 'default',
      name: 'web-1-disk-0',
    });
    for (const text of ['', '{', 'null', '[]', '{"namespace":1}']) assert.equal(claim(text), undefined);
    assert.equal(backup({ status: { labels: null } }).claim, undefined);
  });

  it('reads a poll interval as a Go duration; the default is 5 minutes', () => {
    const poll = (spec: object) =>
      backupTargets.decode({ metadata: { name: 'default' }, spec }).pollIntervalMs;
    assert.equal(poll({ pollInterval: '10m0s' }), 600_000);
    assert.equal(poll({ pollInterval: '1h30m' }), 5_400_000);
    assert.equal(poll({ pollInterval: '0s' }), 0);
    assert.equal(poll({}), 300_000);
    assert.throws(() => poll({ pollInterval: 'often' }), DecodeError);
  });

  it('reads who has a PersistentVolume of Longhorn', () => {
    const claimRef = { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'web-1-disk-0' };
    const csi = { driver: 'driver.longhorn.io', volumeHandle: 'pvc-1' };
    const { longhornVolume, claim } = persistentVolumes.decode({
      metadata: { name: 'pv' },
      spec: { csi, claimRef },
    });
    assert.equal(longhornVolume, 'pvc-1');
    assert.deepEqual(claim, { namespace: 'default', name: 'web-1-disk-0' });
    assert.equal(persistentVolumes.decode({ metadata: { name: 'pv' }, spec: {} }).claim, undefined);
  });
});
