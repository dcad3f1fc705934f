import assert from 'node:assert/strict';
import { policyRules, ROLES } from '../../tools/deploy/policy-rules.ts';

const rules = policyRules();
const exporterRoles = ROLES.filter((role) => role !== 'breakLoop');
const exporterRules = exporterRoles.flatMap((role) => rules[role]);
const grants = (role: (typeof ROLES)[number]): readonly string[] =>
  rules[role].flatMap(({ apiGroups, resources, verbs, resourceNames = ['*'] }) =>
    apiGroups.flatMap((group) =>
      resources.map((resource) => `${verbs.join('+')} ${group}/${resource} ${resourceNames.join('+')}`),
    ),
  );

describe('the rules of the roles', () => {
  it('let the exporter get, list and watch, and nothing else', () => {
    const verbs = new Set(exporterRules.flatMap((rule) => rule.verbs));
    assert.deepEqual([...verbs].sort(), ['get', 'list', 'watch']);
  });

  it('name every group and resource: no wildcard, no Secret, nothing under subresources.kubevirt.io', () => {
    const all = ROLES.flatMap((role) => rules[role]).flatMap(({ apiGroups, resources }) => [
      ...apiGroups,
      ...resources,
    ]);
    assert.deepEqual(
      all.filter((name) => name.includes('*') || /secret|subresources\.kubevirt\.io/.test(name)),
      [],
    );
  });

  it('without launcher logs allow logs only in the KubeVirt namespace', () => {
    const withLogs = exporterRoles.filter((role) =>
      rules[role].some(({ resources }) => resources.includes('pods/log')),
    );
    assert.deepEqual(withLogs, ['launcherLogs', 'kubevirtNamespace']);
    assert.ok(!grants('cluster').some((grant) => grant.includes(' /pods')));
  });

  it('everywhere are these', () => {
    assert.deepEqual(grants('cluster'), [
      'list+watch kubevirt.io/virtualmachines *',
      'list+watch kubevirt.io/virtualmachineinstances *',
      'list+watch harvesterhci.io/virtualmachinebackups *',
      'list+watch harvesterhci.io/schedulevmbackups *',
      'list+watch harvesterhci.io/virtualmachinerestores *',
      'list+watch harvesterhci.io/settings backup-target+server-version',
      'list+watch /persistentvolumes *',
      'get /namespaces kube-system',
    ]);
  });

  it('let break-loop delete VMBackups, and change nothing else', () => {
    assert.deepEqual(
      rules.breakLoop
        .filter(({ verbs }) => verbs.some((verb) => !['get', 'list', 'watch'].includes(verb)))
        .map(({ resources, verbs }) => [resources, verbs]),
      [[['virtualmachinebackups'], ['get', 'delete']]],
    );
  });
});
