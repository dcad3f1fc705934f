import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config.ts';
import { parseFlags } from '../../src/config/flags.ts';
import { policyRules } from '../../tools/deploy/policy-rules.ts';
import { fieldProblems } from './kubernetes-fields.ts';
import { at, named, objectsOfFile, ROOT, theOne } from './manifests.ts';

/** kubectl apply keeps the whole object in an annotation, and annotations are limited to 256 KiB. */
const MOST_BYTES = 262_144;
const objects = objectsOfFile('deploy/freezewatch.yaml');
const pod = at(theOne(objects, 'Deployment'), 'spec.template.spec');
const container = at(pod, 'containers.0');

const ruleFiles = readdirSync(join(ROOT, 'rules')).filter(
  (file) => file.endsWith('.yaml') && file !== 'multi-cluster.yaml',
);
const rulesOf = (groups: unknown): readonly unknown[] =>
  (groups as readonly { readonly rules: readonly unknown[] }[]).flatMap(({ rules }) => rules);

describe('deploy/freezewatch.yaml', () => {
  it('has only fields that Kubernetes knows, with values of their types', () => {
    assert.deepEqual(
      objects.flatMap((object) => fieldProblems(object) ?? []),
      [],
    );
  });

  it('is small enough for kubectl apply', () => {
    const tooLarge = objects.filter((object) => JSON.stringify(object).length > MOST_BYTES);
    assert.deepEqual(tooLarge.map(named), []);
  });

  it('has no null anywhere: a server-side apply refuses them', () => {
    assert.deepEqual(objects.filter(hasNull).map(named), []);
  });

  it('grants exactly the computed rules; else run `.ci/checks/deploy --write`', () => {
    const { cluster, launcherLogs, kubevirtNamespace, longhornNamespace } = policyRules();
    const granted = objects
      .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
      .map((role) => [named(role), role.rules]);
    assert.deepEqual(Object.fromEntries(granted), {
      'ClusterRole/freezewatch': cluster,
      'ClusterRole/freezewatch-launcher-logs': launcherLogs,
      'Role/harvester-system/freezewatch-kubevirt': kubevirtNamespace,
      'Role/longhorn-system/freezewatch-longhorn': longhornNamespace,
    });
  });

  it('binds every role only to the service account of the pod', () => {
    const subject = {
      kind: 'ServiceAccount',
      name: at(pod, 'serviceAccountName'),
      namespace: 'harvester-system',
    };
    const bindings = objects.filter(({ kind }) => kind.endsWith('Binding'));
    assert.equal(bindings.length, 4);
    for (const binding of bindings) assert.deepEqual(binding.subjects, [subject], named(binding));
  });

  it('runs one exporter at a time: two would count every freeze twice', () => {
    const deployment = theOne(objects, 'Deployment');
    assert.deepEqual(
      [at(deployment, 'spec.replicas'), at(deployment, 'spec.strategy.type')],
      [1, 'Recreate'],
    );
  });

  it('hardens the pod as the restricted Pod Security Standard asks, and more', () => {
    assert.deepEqual(at(pod, 'securityContext'), {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    assert.deepEqual(at(container, 'securityContext'), {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    assert.equal(at(pod, 'enableServiceLinks'), false);
    assert.equal(at(theOne(objects, 'ServiceAccount'), 'automountServiceAccountToken'), false);
  });

  it('probes the process for liveness and the sources for readiness', () => {
    assert.equal(at(container, 'livenessProbe.httpGet.path'), '/livez');
    assert.equal(at(container, 'readinessProbe.httpGet.path'), '/readyz');
  });

  it('passes the memory limit to Node.js', () => {
    assert.equal(at(container, 'resources.limits.memory'), '512Mi');
    const env = at(container, 'env.0') as { readonly name: string; readonly value: string };
    assert.deepEqual(env, {
      name: 'NODE_OPTIONS',
      value: '--max-old-space-size=307 --max-semi-space-size=2',
    });
  });

  it('starts the program with flags it takes', async () => {
    const [command, ...args] = at(container, 'args') as readonly string[];
    assert.equal(command, 'serve');
    const { flags, problems } = parseFlags('serve', args);
    const config = await loadConfig({ command: 'serve', flags, environment: {}, problems });
    assert.deepEqual(
      [config.kubevirtNamespace, config.longhornNamespace, config.launcherLogs],
      ['harvester-system', 'longhorn-system', 'suspects'],
    );
  });

  it('is scraped where the Service sends it, with our own namespace and pod labels kept', () => {
    const service = theOne(objects, 'Service');
    const monitor = theOne(objects, 'ServiceMonitor');
    const selected = at(monitor, 'spec.selector.matchLabels') as Readonly<Record<string, string>>;
    for (const [label, value] of Object.entries(selected))
      assert.equal(service.metadata.labels?.[label], value);
    assert.equal(at(monitor, 'spec.endpoints.0.honorLabels'), true);
    assert.equal(at(monitor, 'spec.endpoints.0.port'), at(service, 'spec.ports.0.name'));
    assert.equal(at(service, 'spec.ports.0.targetPort'), at(container, 'ports.0.name'));
    const labels = at(theOne(objects, 'Deployment'), 'spec.template.metadata.labels') as Record<
      string,
      string
    >;
    const selector = at(service, 'spec.selector') as Readonly<Record<string, string>>;
    for (const [label, value] of Object.entries(selector)) assert.equal(labels[label], value);
  });

  it('has every rule of rules/, unchanged, but for those of several clusters', () => {
    const written = ruleFiles.flatMap((file) =>
      rulesOf(at(parse(readFileSync(join(ROOT, 'rules', file), 'utf8')), 'groups')),
    );
    const installed = rulesOf(at(theOne(objects, 'PrometheusRule'), 'spec.groups'));
    assert.ok(written.length > 20);
    assert.deepEqual(installed, written);
  });

  it('has every dashboard of grafana/, byte for byte, where rancher-monitoring looks for them', () => {
    const files = readdirSync(join(ROOT, 'grafana')).filter((file) => file.endsWith('.json'));
    const maps = objects.filter(({ kind }) => kind === 'ConfigMap');
    const written = files.map((file) => [
      `freezewatch-${file}`,
      readFileSync(join(ROOT, 'grafana', file), 'utf8').trimEnd(),
    ]);
    assert.deepEqual(
      Object.assign({}, ...maps.map(({ data }) => data)) as unknown,
      Object.fromEntries(written) as unknown,
    );
    for (const { metadata } of maps) {
      assert.equal(metadata.namespace, 'cattle-dashboards');
      assert.equal(metadata.labels?.grafana_dashboard, '1');
    }
  });

  it('does not say that helm manages it', () => {
    const labels = objects.flatMap(({ metadata }) => Object.keys(metadata.labels ?? {}));
    assert.deepEqual(
      labels.filter((label) => label.includes('helm') || label.includes('managed-by')),
      [],
    );
  });
});

function hasNull(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.values(value).some(hasNull);
}
