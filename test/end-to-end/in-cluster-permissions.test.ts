import assert from 'node:assert/strict';
import { policyRules } from '../../tools/deploy/policy-rules.ts';
import { type Manifest, named } from '../deploy/manifests.ts';
import { forbidden, isUp, type Mode, permissions, runExporter, until } from './in-cluster-exporter.ts';
import { inClusterSite } from './in-cluster-site.ts';

/** One permission, taken away from what is installed. */
interface Cut {
  readonly role: string;
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const rulesOf = (role: Manifest): readonly Rule[] => role.rules as readonly Rule[];

const cuts = (mode: Mode): readonly Cut[] =>
  permissions(mode)
    .filter(({ kind }) => kind.endsWith('Role'))
    .flatMap((role) =>
      rulesOf(role).flatMap(({ apiGroups: [group = ''], resources, verbs }) =>
        resources.flatMap((resource) => verbs.map((verb) => ({ role: named(role), group, resource, verb }))),
      ),
    );

/** The objects with one permission less. */
const without = (objects: readonly Manifest[], { role, group, resource, verb }: Cut): readonly Manifest[] =>
  objects.map((object) => {
    if (named(object) !== role) return object;
    const rules = rulesOf(object).flatMap((rule): readonly Rule[] => {
      if (!rule.apiGroups.includes(group) || !rule.resources.includes(resource)) return [rule];
      const others = { ...rule, resources: rule.resources.filter((each) => each !== resource) };
      const rest = { ...rule, resources: [resource], verbs: rule.verbs.filter((each) => each !== verb) };
      return [others, rest];
    });
    return { ...object, rules };
  });

/** The sources that a lost permission silences, by group and resource; of a namespaced role by its namespace. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  'kubevirt.io/virtualmachines': ['virtualmachines'],
  'kubevirt.io/virtualmachineinstances': ['virtualmachineinstances'],
  'kubevirt.io/kubevirts': ['kubevirts'],
  'harvesterhci.io/virtualmachinebackups': ['virtualmachinebackups'],
  'harvesterhci.io/schedulevmbackups': ['schedulevmbackups'],
  'harvesterhci.io/virtualmachinerestores': ['virtualmachinerestores'],
  'harvesterhci.io/settings': ['setting_backup_target', 'setting_server_version'],
  '/persistentvolumes': ['persistentvolumes'],
  '/namespaces': ['kube_system_namespace'],
  'metrics.k8s.io/pods': ['virt_handler_memory'],
  'longhorn.io/backups': ['longhorn_backups'],
  'longhorn.io/backupvolumes': ['longhorn_backupvolumes'],
  'longhorn.io/backuptargets': ['longhorn_backuptargets'],
  'longhorn.io/volumes': ['longhorn_volumes'],
  'Role//pods': ['virt_handler_pods', 'virt_api_pods'],
  'Role//pods/log': ['virt_api_logs'],
  'ClusterRole//pods': ['virt_launcher_pods'],
  'ClusterRole//pods/log': ['virt_launcher_logs'],
};

const sourcesOf = ({ role, group, resource }: Cut): readonly string[] =>
  SOURCES[`${group}/${resource}`] ?? SOURCES[`${role.split('/')[0] ?? ''}/${group}/${resource}`] ?? [];

describe('the installed exporter misses every single permission that is taken away:', function () {
  this.timeout(20_000);
  const site = inClusterSite();

  const tried: readonly (readonly [Mode, readonly Cut[]])[] = [
    ['off', cuts('off')],
    ['all', cuts('all').filter(({ role }) => role === 'ClusterRole/freezewatch-launcher-logs')],
  ];
  for (const [mode, some] of tried) {
    for (const cut of some) {
      it(`${cut.verb} ${cut.group}/${cut.resource} of ${cut.role}`, async () => {
        const sources = sourcesOf(cut);
        assert.notDeepEqual(sources, [], 'it is known which sources need it');
        for (const object of without(permissions(mode), cut)) site().store.apply(object);
        await runExporter(site(), mode, async (exporter) => {
          const isRefused = (): boolean => sources.every((source) => forbidden(exporter).includes(source));
          await until(`${sources.join(' and ')} forbidden`, isRefused);
          assert.deepEqual([...forbidden(exporter)].sort(), [...sources].sort());
          if (cut.verb !== 'watch') for (const source of sources) assert.ok(!isUp(exporter, source), source);
        });
      });
    }
  }

  it('all of the computed ones were tried', () => {
    const { cluster, launcherLogs, kubevirtNamespace, longhornNamespace } = policyRules();
    const computed = [...cluster, ...launcherLogs, ...kubevirtNamespace, ...longhornNamespace]
      .map(({ resources, verbs }) => resources.length * verbs.length)
      .reduce((sum, count) => sum + count, 0);
    assert.equal(tried.flatMap(([, some]) => some).length, computed);
  });
});
