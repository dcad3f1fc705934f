import assert from 'node:assert/strict';
import { resources } from '../../src/model/resources.ts';
import {
  accessLine,
  aPodObject,
  aVmiObject,
  HARVESTER,
  safetyLine,
  watchedCluster,
  type Watched,
  type WatchedOptions,
} from './embedded-cluster.ts';

const VIRT_API = { namespace: 'harvester-system', name: 'virt-api-1' };
const LAUNCHER = { namespace: 'team-a', name: 'virt-launcher-web-01-abcde' };
const virtApi = (name = VIRT_API.name) => aPodObject(VIRT_API.namespace, name, 'virt-api', ['virt-api']);
const launcher = (name = LAUNCHER.name) =>
  aPodObject(LAUNCHER.namespace, name, 'virt-launcher', ['compute', 'guest-console-log'], {
    'kubevirt.io/domain': 'web-01',
  });
const VM = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { namespace: 'team-a', name: 'web-01' },
  spec: {},
};
const OBJECTS = [virtApi(), launcher(), aVmiObject('team-a', 'web-01')];

const freezes = (value: number, result = 'success', vm = 'web-01'): string =>
  `harvester_vmi_freeze_requests_total{namespace="team-a",vm="${vm}",action="freeze",result="${result}"} ${value}`;
const safety = (value: number): string =>
  `harvester_vmi_safety_unfreezes_total{namespace="team-a",vm="web-01"} ${value}`;
const INFO =
  'harvester_vmi_info{namespace="team-a",vm="web-01",node="node-1",phase="Running",guest_agent="true"} 1';
const up = (source: string, value: number): string => `freezewatch_source_up{source="${source}"} ${value}`;

describe('the exporter on an embedded cluster', () => {
  let cluster: Watched | undefined;
  const start = async (options: WatchedOptions = {}): Promise<Watched> =>
    (cluster = await watchedCluster(options));
  afterEach(async () => {
    await cluster?.close();
    cluster = undefined;
  });

  it('counts the freeze calls written after its start, each once, from every virt-api that comes', async () => {
    const { logs, store, has, server } = await start({
      objects: OBJECTS,
      prepare: () => undefined,
    });
    await has(freezes(0));
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'), new Date(Date.now() - 60_000));
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01', 'freeze', 409));
    await has(freezes(1));
    await has(freezes(1, 'rejected'));
    server.killConnections();
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
    await has(freezes(2));
    store.apply(virtApi('virt-api-2'));
    logs.append(
      { ...VIRT_API, name: 'virt-api-2' },
      'virt-api',
      accessLine('team-a', 'web-01', 'freeze', 500),
    );
    await has(freezes(1, 'failed'));
  });

  it('counts from 0 while a quiet virt-api log has not even answered: the head comes with its first line', async () => {
    const { has } = await start({
      objects: OBJECTS,
      prepare: ({ faults }) => void faults.inject({ type: 'hang' }, { request: /\/log\?/ }),
    });
    await has(freezes(0));
    await has(up('virt_api_logs', 1));
  });

  it('is ready only when the counts of its VMs are there, at 0, also while virt-api is quiet', async () => {
    const { exporter, eventually, series } = await start({
      objects: OBJECTS,
      prepare: ({ faults }) => void faults.inject({ type: 'hang' }, { request: /\/log\?/ }),
    });
    const wasWaiting: boolean[] = [];
    await eventually(() => {
      const waits = exporter.waitingFor();
      if (waits.join() === 'virt_api_logs') wasWaiting.push(true);
      return waits.length === 0;
    });
    assert.notDeepEqual(wasWaiting, []);
    assert.ok((await series(freezes(0))).includes(freezes(0)));
    assert.ok((await series(safety(0))).includes(safety(0)));
  });

  it('is ready without a virt-api, and where its log is forbidden', async () => {
    const { exporter, eventually } = await start({ objects: [aVmiObject('team-a', 'web-01')] });
    await eventually(() => exporter.waitingFor().length === 0);
    const forbidden = await watchedCluster({
      objects: OBJECTS,
      prepare: ({ faults }) =>
        void faults.inject({ type: 'status', code: 403 }, { request: /virt-api-1\/log\?/ }),
    });
    await forbidden.eventually(() => forbidden.exporter.waitingFor().length === 0);
    await forbidden.close();
  });

  it('ends when it is told to before it begins, and during every step of its start', async () => {
    for (let asked = 0; asked < 30; asked += 3) {
      const watched = await watchedCluster({ objects: OBJECTS });
      if (asked > 0) await watched.eventually(() => watched.server.requests.length >= asked);
      await watched.close();
    }
  });

  it('keeps the counts of a VM that restarts, and forgets those of one that is gone', async () => {
    const { logs, store, has, lacks } = await start({
      objects: [...OBJECTS, VM],
    });
    await has(up('virt_api_logs', 1));
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
    await has(freezes(1));
    store.remove('VirtualMachineInstance', 'team-a', 'web-01');
    await lacks('harvester_vmi_info{');
    await has(freezes(1));
    store.remove('VirtualMachine', 'team-a', 'web-01');
    await lacks('harvester_vmi_freeze_requests_total{');
    store.apply(aVmiObject('team-a', 'web-01'));
    await has(freezes(0));
  });

  it('opens the launcher of a suspect from a little before the freeze, and reads container compute alone', async () => {
    const { logs, has } = await start({ objects: OBJECTS });
    await has(safety(0));
    await has('freezewatch_log_streams 1');
    // The warning is written before anybody could have opened the log because of the call.
    logs.append(LAUNCHER, 'compute', safetyLine('web-01'));
    logs.append(LAUNCHER, 'guest-console-log', safetyLine('web-01'));
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
    await has(safety(1));
    await has('freezewatch_log_streams 2');
  });

  it('closes the launcher of a VM that is quiet again, and counts nothing twice when it is opened anew', async () => {
    const { logs, has } = await start({ objects: OBJECTS, timing: { quietAfterMs: 500 } });
    await has(up('virt_api_logs', 1));
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
    logs.append(LAUNCHER, 'compute', safetyLine('web-01'));
    await has(safety(1));
    await has('freezewatch_log_streams 1');
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
    logs.append(LAUNCHER, 'compute', safetyLine('web-01'));
    await has(safety(2));
  });

  it('sums both pods of a live migration', async () => {
    const { logs, has } = await start({
      objects: [...OBJECTS, launcher('virt-launcher-web-01-target')],
      flags: { 'launcher-logs': 'all' },
    });
    await has('freezewatch_log_streams 3');
    logs.append(LAUNCHER, 'compute', safetyLine('web-01'));
    logs.append({ ...LAUNCHER, name: 'virt-launcher-web-01-target' }, 'compute', safetyLine('web-01'));
    await has(safety(2));
  });

  it('follows no launcher and lists no launcher pods with --launcher-logs off', async () => {
    const { logs, has, lacks, server } = await start({ objects: OBJECTS, flags: { 'launcher-logs': 'off' } });
    await has(up('virt_api_logs', 1));
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
    await has(freezes(1));
    await lacks('harvester_vmi_safety_unfreezes_total');
    assert.deepEqual(
      server.requests
        .filter(
          ({ path }) => path.includes('/pods') && !path.startsWith('/api/v1/namespaces/harvester-system/'),
        )
        .filter(({ path }) => !path.includes('metrics.k8s.io')),
      [],
    );
  });

  it('says that a silent access log is mute, what to set, and shows no counts meanwhile', async () => {
    const { logs, has, lacks, logged } = await start({
      objects: OBJECTS,
      timing: { muteAfterMs: 100, unreachableAfterMs: 200 },
    });
    await has(up('virt_api_logs', 0));
    await has('freezewatch_source_errors_total{source="virt_api_logs",kind="mute"} 1');
    assert.ok(
      logged.some((line) => line.includes('logVerbosity.virtAPI')),
      logged.join('\n'),
    );
    await lacks('harvester_vmi_freeze_requests_total');
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
    await has(up('virt_api_logs', 1));
  });

  it('never reads Secrets, never calls a subresource of KubeVirt, and only reads', async () => {
    const { logs, has, server } = await start({ objects: OBJECTS, flags: { 'launcher-logs': 'all' } });
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
    await has(freezes(1));
    assert.deepEqual(
      server.requests.filter(
        ({ path, method }) => method !== 'GET' || /\/secrets|subresources\.kubevirt\.io/.test(path),
      ),
      [],
    );
  });

  it('is quiet about what plain KubeVirt does not serve, and finds a kind that appears later', async () => {
    const { store, has, series, exporter, logged, eventually } = await start({
      objects: [...OBJECTS, VM],
      installed: { kubevirt: true, monitoring: false },
    });
    await has(freezes(0));
    await eventually(() => exporter.waitingFor().length === 0);
    assert.deepEqual(await series('freezewatch_source_up{source="virtualmachinebackups"'), []);
    assert.deepEqual(await series('freezewatch_source_errors_total{source="virtualmachinebackups"'), []);
    assert.deepEqual(await series('harvester_vm_last_backup'), []);
    assert.ok(
      logged.some(
        (line) => line.startsWith('info kind not served') && line.includes('virtualmachinebackups'),
      ),
    );
    const { kindsServed } = await import('../../simulator/kinds.ts');
    for (const kind of kindsServed(HARVESTER).filter(({ group }) => group === 'harvesterhci.io'))
      store.addKind(kind);
    await has(up('virtualmachinebackups', 1));
    await has('harvester_vm_last_backup_timestamp_seconds{namespace="team-a",vm="web-01",type="backup"} 0');
  });

  const kinds = resources({ kubevirt: 'harvester-system', longhorn: 'longhorn-system' });
  for (const { source, group, plural } of Object.values(kinds).filter(
    ({ group: each }) => each !== 'metrics.k8s.io',
  )) {
    it(`is forbidden to read ${source}: says which rule is missing, serves the rest, and heals`, async () => {
      let allow = (): unknown => undefined;
      const path =
        group === ''
          ? `/api/v1/.*${plural}\\?`
          : `/apis/${group.replaceAll('.', '\\.')}/v1[a-z0-9]*/.*${plural}\\?`;
      const { has, logged, exporter, eventually } = await start({
        objects: OBJECTS,
        prepare: ({ faults }) => {
          allow = faults.inject({ type: 'status', code: 403 }, { request: new RegExp(path) });
        },
      });
      await has(up(source, 0));
      await has(up('kube_system_namespace', 1));
      assert.ok(
        logged.some(
          (line) => line.includes('"kind":"forbidden"') && line.includes(`resources: [\\"${plural}\\"]`),
        ),
        logged.join('\n'),
      );
      allow();
      await has(up(source, 1));
      await eventually(() => exporter.waitingFor().length === 0);
    });
  }

  it('reports an unreachable API server once, with the remedy, and drops what it knows after five minutes', async () => {
    const { has, lacks, server, logged, eventually } = await start({
      objects: OBJECTS,
      timing: { unreachableAfterMs: 300 },
    });
    await has(INFO);
    server.faults.inject({ type: 'destroy' });
    server.killConnections();
    await has(up('virtualmachineinstances', 0));
    await lacks('harvester_');
    assert.equal(logged.filter((line) => line.startsWith('warn')).length, 1, logged.join('\n'));
    server.faults.clear();
    await has(INFO);
    await eventually(() => logged.some((line) => line.startsWith('info API server works again')));
  });

  it('stays up, and says so, when the server speaks nonsense or refuses the credentials', async () => {
    const { has, server } = await start({
      objects: OBJECTS,
      prepare: ({ faults }) => void faults.inject({ type: 'nonsense' }),
    });
    await has('freezewatch_source_up{source="virtualmachines"} 0');
    assert.notDeepEqual(
      (await cluster?.series('freezewatch_source_errors_total{source="virtualmachines",kind="nonsense"}')) ??
        [],
      [],
    );
    server.faults.clear();
    server.faults.inject({ type: 'status', code: 401 });
    server.killConnections();
    await has('freezewatch_source_up{source="virtualmachines"} 0');
    server.faults.clear();
    await has(freezes(0));
  });

  it('counts and skips an object that has not the shape, and serves the others', async () => {
    const { store, has } = await start({ objects: OBJECTS });
    store.apply({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata: { namespace: 'team-a', name: 'odd' },
      status: { phase: 7 },
    });
    store.apply(aVmiObject('team-a', 'web-02'));
    await has('freezewatch_decode_errors_total{resource="virtualmachineinstances"} 1');
    await has(freezes(0, 'success', 'web-02'));
  });

  it('divides the launchers among shards: each VM in one, cluster-wide series in the first', async () => {
    const vms = Array.from({ length: 12 }, (_, i) => `vm-${i}`);
    const objects = [virtApi(), ...vms.map((vm) => aVmiObject('team-a', vm))];
    const names = async (flags: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      const shard = await watchedCluster({ objects, flags });
      try {
        await shard.eventually(() => shard.exporter.waitingFor().length === 0);
        return (await shard.series('harvester_vmi_')).map((line) => line.replace(/ .*/, ''));
      } finally {
        await shard.close();
      }
    };
    const [first, second] = await Promise.all([names({ shard: '1/2' }), names({ shard: '2/2' })]);
    assert.deepEqual([...first, ...second].sort(), [...(await names({}))].sort());
    assert.ok(second.length > 0);
  });
});
