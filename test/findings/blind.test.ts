import assert from 'node:assert/strict';
import { findBlindness, findNamespaceDoubts } from '../../src/findings/blind.ts';
import { reportOf } from '../../src/findings/report.ts';
import { aView, aVirtApi, aVirtHandler, aVmi, notServed, unavailable } from '../builders.ts';

const titles = (view: Parameters<typeof findBlindness>[0]): readonly string[] =>
  findBlindness(view).map(({ title }) => title);
const LOCAL = aVirtHandler({ container: { image: 'registry.example/virt-handler:1.8.4' } });

describe('a cluster whose KubeVirt is looked for in the wrong namespace', () => {
  const view = aView({ vmis: [aVmi()] });

  it('is found, with the flag that mends it', () => {
    const [finding] = findBlindness(view);
    assert.equal(finding?.id, 'FreezewatchBlind');
    assert.equal(finding.severity, 'warning');
    assert.equal(finding.title, 'There is no virt-api and no virt-handler in namespace harvester-system');
    assert.match(finding.remedy.text, /--kubevirt-namespace/);
    assert.deepEqual(finding.remedy.commands, [
      "kubectl get pods -A -l 'kubevirt.io in (virt-api,virt-handler)'",
    ]);
  });

  it('is no all-clear: the verdict is unknown', () => {
    assert.deepEqual(reportOf(view).verdict, {
      status: 'unknown',
      text: 'There is no virt-api and no virt-handler in namespace harvester-system: freezes and leaks cannot be seen.',
    });
  });

  it('says which of the two is missing', () => {
    assert.deepEqual(titles(aView({ vmis: [aVmi()], virtApis: [aVirtApi()] })), [
      'There is no virt-handler in namespace harvester-system',
    ]);
    assert.deepEqual(titles(aView({ vmis: [aVmi()], virtHandlers: [LOCAL] })), [
      'There is no virt-api in namespace harvester-system',
    ]);
  });

  it('is not said where no VM runs, where pods cannot be listed, and where all is there', () => {
    assert.deepEqual(titles(aView()), []);
    assert.deepEqual(
      titles(aView({ vmis: [aVmi()], virtApis: unavailable(), virtHandlers: unavailable() })),
      [],
    );
    assert.deepEqual(titles(aView({ vmis: [aVmi()], virtApis: [aVirtApi()], virtHandlers: [LOCAL] })), []);
  });
});

describe('plain KubeVirt', () => {
  it('lacks no check for what it does not serve', () => {
    const view = aView({
      vmis: [aVmi()],
      virtApis: [aVirtApi()],
      virtHandlers: [LOCAL],
      vmBackups: notServed(),
      schedules: notServed(),
      restores: notServed(),
      serverVersions: notServed(),
      targetSettings: notServed(),
      longhornBackups: notServed(),
      backupVolumes: notServed(),
      backupTargets: notServed(),
      longhornVolumes: notServed(),
      virtHandlerMemory: notServed(),
    });
    const { verdict, checks } = reportOf(view);
    assert.deepEqual(verdict, { status: 'ok', text: 'Nothing is wrong in what was checked.' });
    assert.deepEqual(checks, [
      { name: 'VMs frozen again and again', looked: '1 VM', missing: undefined },
      { name: 'VMs that stay frozen', looked: '1 VM', missing: undefined },
      { name: 'virt-handler near its memory limit', looked: '1 virt-handler', missing: undefined },
    ]);
  });
});

describe('a component in several namespaces', () => {
  it('is told with the namespace that is looked at', () => {
    const view = aView({
      namespaceDoubts: [
        { component: 'kubevirt', found: ['kubevirt', 'test'], taken: 'harvester-system' },
        { component: 'longhorn', found: [], taken: 'longhorn-system' },
      ],
    });
    assert.deepEqual(
      findNamespaceDoubts(view).map(({ title, remedy }) => [title, remedy.text]),
      [
        [
          'KubeVirt is in several namespaces; freezewatch looks at harvester-system',
          'Name the right one with --kubevirt-namespace.',
        ],
      ],
    );
  });
});
