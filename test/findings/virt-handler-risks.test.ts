import assert from 'node:assert/strict';
import { findVirtHandlerRisks } from '../../src/findings/virt-handler-risks.ts';
import type { VmBackup } from '../../src/model/objects/vm-backup.ts';
import { aView, aVirtHandler, unavailable } from '../builders.ts';

describe('risks of virt-handler', () => {
  it('are found once for each version', () => {
    const view = aView({
      virtHandlers: [
        aVirtHandler(),
        aVirtHandler({ name: 'b', node: 'node-2' }),
        aVirtHandler({ name: 'c', node: 'node-3', container: { image: 'virt-handler:1.7.0' } }),
      ],
    });
    assert.deepEqual(findVirtHandlerRisks(view), [
      {
        id: 'virt-handler-leaky-version',
        severity: 'info',
        title: 'virt-handler 1.2.2 is known to leak',
        subject: { namespace: 'harvester-system' },
        evidence: [{ label: 'Nodes', value: 'node-1, node-2' }],
        explanation:
          "By its version each freeze of a VM leaks about 110 KiB in virt-handler, for good. A vendor's build may carry the fix.",
        remedy: {
          text: 'Harvester 1.7 and later ship a KubeVirt without the leak by freezes. Until you upgrade, keep VMBackups free of errors.',
          commands: [],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVirtHandlerLeaking.md',
      },
      {
        id: 'virt-handler-leaky-version',
        severity: 'info',
        title: 'virt-handler 1.7.0 is known to leak',
        subject: { namespace: 'harvester-system' },
        evidence: [{ label: 'Nodes', value: 'node-3' }],
        explanation:
          "By its version virt-handler loses a client now and then when VMs start, stop or migrate, without any freeze. A vendor's build may carry the fix.",
        remedy: {
          text: 'KubeVirt 1.8.4 and 1.9.0 are without it; Harvester has it from 1.9. Watch the memory of virt-handler until you upgrade; freezes and backups have no part in it.',
          commands: [],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVirtHandlerLeaking.md',
      },
    ]);
  });

  it('are found without a memory limit', () => {
    const view = aView({
      virtHandlers: [
        aVirtHandler({ container: { memoryLimitBytes: undefined, image: 'virt-handler:1.8.4' } }),
      ],
    });
    assert.deepEqual(findVirtHandlerRisks(view), [
      {
        id: 'HarvesterVirtHandlerMemoryLimitUnknown',
        severity: 'info',
        title: 'virt-handler has no memory limit on 1 node',
        subject: { namespace: 'harvester-system' },
        evidence: [{ label: 'Nodes', value: 'node-1' }],
        explanation: 'Nobody can say how long it may grow: it takes the memory of its node instead.',
        remedy: {
          text: 'Harvester sets 1600Mi by customizeComponents of the KubeVirt resource; set one again.',
          commands: [
            "kubectl get pods -n harvester-system -l kubevirt.io=virt-handler -o 'custom-columns=NAME:.metadata.name,NODE:.spec.nodeName,LIMIT:.spec.containers[*].resources.limits.memory'",
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVirtHandlerMemoryLimitUnknown.md',
      },
    ]);
  });

  it('leaves alone: a version without a leak', () => {
    const view = aView({ virtHandlers: [aVirtHandler({ container: { image: 'virt-handler:1.8.4' } })] });
    assert.deepEqual(findVirtHandlerRisks(view), []);
  });

  for (const [platform, isHarvester] of [
    ['Harvester', true],
    ['plain KubeVirt', false],
  ] as const) {
    for (const version of ['1.6.3', '1.7.4', '1.8.3']) {
      it(`name the releases that mend ${version} on ${platform}, and mind no VMBackup`, () => {
        const view = aView({
          virtHandlers: [aVirtHandler({ container: { image: `virt-handler:${version}` } })],
          ...(isHarvester ? {} : { vmBackups: unavailable<VmBackup>() }),
        });
        const text = findVirtHandlerRisks(view)[0]?.remedy.text ?? '';
        assert.match(text, /^KubeVirt 1\.8\.4 and 1\.9\.0 are without it/);
        assert.equal(text.includes('Harvester has it from 1.9'), isHarvester);
        assert.doesNotMatch(text, /1\.7|VMBackup/);
      });
    }
  }

  it('give plain KubeVirt no advice for Harvester', () => {
    const view = aView({
      virtHandlers: [aVirtHandler({ container: { memoryLimitBytes: undefined } })],
      vmBackups: unavailable<VmBackup>(),
    });
    assert.doesNotMatch(
      JSON.stringify(findVirtHandlerRisks(view).map(({ remedy }) => remedy)),
      /Harvester sets|Harvester 1|VMBackups/,
    );
  });
});
