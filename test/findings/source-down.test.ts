import assert from 'node:assert/strict';
import { findFailingSources } from '../../src/findings/source-down.ts';
import { HOUR_MS, NOW_MS, aView } from '../builders.ts';

describe('a source that fails', () => {
  it('is found with its remedy', () => {
    const view = aView({
      sources: [
        {
          source: 'longhorn_backups',
          up: false,
          lastSuccessMs: NOW_MS - HOUR_MS,
          errors: new Map([['forbidden', 3]]),
          remedy: 'bind a Role',
        },
      ],
    });
    assert.deepEqual(findFailingSources(view), [
      {
        id: 'FreezewatchSourceDown',
        severity: 'warning',
        title: 'freezewatch cannot read Longhorn Backups',
        subject: { source: 'longhorn_backups' },
        evidence: [
          { label: 'Source', value: 'longhorn_backups' },
          { label: 'Last read', value: '1 h ago' },
          { label: 'Errors', value: 'forbidden (3)' },
        ],
        explanation: 'What depends on it is not checked: no news is no good news.',
        remedy: { text: 'Bind a Role.', commands: [] },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/FreezewatchSourceDown.md',
      },
    ]);
  });

  it('leaves alone: one that is opened again', () => {
    const view = aView({
      sources: [
        {
          source: 'longhorn_backups',
          up: false,
          lastSuccessMs: NOW_MS - 30_000,
          errors: new Map([['broken', 1]]),
        },
      ],
    });
    assert.deepEqual(findFailingSources(view), []);
  });

  it('leaves alone: one the cluster does not serve', () => {
    const view = aView({
      sources: [{ source: 'schedulevmbackups', up: undefined, lastSuccessMs: undefined, errors: new Map() }],
    });
    assert.deepEqual(findFailingSources(view), []);
  });

  it('is one finding when no source can be read: the API server is the cause', () => {
    const down = (source: string, kind: string) => ({
      source,
      up: false,
      lastSuccessMs: NOW_MS - HOUR_MS,
      errors: new Map([[kind, 3]]),
      remedy: 'nothing answers at https://10.0.0.1:6443: check the address and the network',
    });
    const absent = {
      source: 'schedulevmbackups',
      up: undefined,
      lastSuccessMs: undefined,
      errors: new Map(),
    };
    const sources = [down('longhorn_backups', 'timeout'), down('virt_api_logs', 'unreachable'), absent];
    assert.deepEqual(findFailingSources(aView({ sources })), [
      {
        id: 'FreezewatchApiServerUnreachable',
        severity: 'warning',
        title: 'freezewatch cannot read anything from the API server',
        subject: {},
        evidence: [
          { label: 'Last read', value: '1 h ago' },
          { label: 'Kinds of error', value: 'timeout, unreachable' },
        ],
        explanation: 'Every source fails, so nothing is checked: no news is no good news.',
        remedy: {
          text: 'Nothing answers at https://10.0.0.1:6443: check the address and the network.',
          commands: [],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/FreezewatchApiServerUnreachable.md',
      },
    ]);
  });

  it('stays one for each source while another source works', () => {
    const down = (source: string) => ({ source, up: false, lastSuccessMs: undefined, errors: new Map() });
    const well = { source: 'kubevirts', up: true, lastSuccessMs: NOW_MS, errors: new Map() };
    assert.deepEqual(
      findFailingSources(aView({ sources: [down('longhorn_backups'), down('restores'), well] })).map(
        ({ id, subject }) => [id, subject.source],
      ),
      [
        ['FreezewatchSourceDown', 'longhorn_backups'],
        ['FreezewatchSourceDown', 'restores'],
      ],
    );
  });
});
