import assert from 'node:assert/strict';
import { allFindings } from '../../src/findings/all-findings.ts';
import { reportOf } from '../../src/findings/report.ts';
import { aView, unavailable } from '../builders.ts';
import { healthyView, incidentView } from '../http/status-page/incident.ts';

describe('all findings', () => {
  it('are none in an empty cluster', () => {
    assert.deepEqual(allFindings(aView()), []);
  });

  it('come the worst first', () => {
    assert.deepEqual(
      allFindings(incidentView()).map(({ severity, id }) => `${severity} ${id}`),
      [
        'critical HarvesterVMFreezeLoop',
        'critical HarvesterVirtHandlerOOMKilled',
        'critical HarvesterVirtHandlerMemoryHigh',
        'critical HarvesterBackupTargetConflict',
        'warning HarvesterFreezeLoopWillExhaustVirtHandler',
        'warning HarvesterVMBackupError',
        'warning HarvesterVMBackupScheduleSuspended',
        'warning FreezewatchSourceDown',
        'info virt-handler-leaky-version',
        'info HarvesterVMNeverBackedUp',
      ],
    );
  });

  it('are the same for the same view', () => {
    assert.deepEqual(allFindings(incidentView()), allFindings(incidentView()));
  });
});

describe('the verdict', () => {
  it('counts what to act on, and says when checks are missing', () => {
    const { verdict } = reportOf(incidentView({ countsFreezes: false }));
    assert.deepEqual(verdict, {
      status: 'critical',
      text: '1 problem to act on now, 2 problems to act on today. 1 check could not be made in full.',
    });
  });

  it('says that nothing is wrong only of what was checked', () => {
    assert.deepEqual(reportOf(healthyView()).verdict, {
      status: 'ok',
      text: 'Nothing is wrong in what was checked.',
    });
  });

  it('is unknown while nothing could be looked at', () => {
    const view = aView({
      vmis: unavailable(),
      vmBackups: unavailable(),
      schedules: unavailable(),
      backupTargets: unavailable(),
      virtHandlers: unavailable(),
    });
    assert.deepEqual(reportOf(view).verdict, {
      status: 'unknown',
      text: 'Nothing is known: no check could be made.',
    });
  });

  it('tells with each check what could not be read', () => {
    const { checks } = reportOf(aView({ vmBackups: unavailable(), countsFreezes: false }));
    assert.deepEqual(
      checks.filter(({ missing }) => missing !== undefined),
      [
        {
          name: 'VMs frozen again and again',
          looked: '0 VMs',
          missing: 'the access log of virt-api, VMBackups',
        },
        { name: 'VMBackups in error, stuck or without their data', looked: undefined, missing: 'VMBackups' },
        { name: 'VMs without a good backup', looked: undefined, missing: 'VMBackups' },
        {
          name: 'Backup targets shared with another cluster or out of reach',
          looked: '0 targets',
          missing: 'which volumes in it are foreign',
        },
      ],
    );
  });
});
