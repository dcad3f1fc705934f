import assert from 'node:assert/strict';
import type { KubeObject } from '../../simulator/kube-object.ts';
import { SCHEDULES, VM_BACKUPS } from '../../simulator/objects/keys.ts';
import { pages } from '../docs/runbook-pages.ts';
import { type IncidentShell, openIncidentShell } from './incident-shell.ts';
import { requireKubectl } from './kubectl.ts';

const TIMEOUT_MS = 60_000;

interface Backup {
  readonly spec: { readonly source: { readonly name: string } };
  readonly status: { readonly readyToUse?: boolean; readonly error?: { readonly message: string } };
}

describe('the safe order of the runbooks, followed from its first to its last block', function () {
  this.timeout(TIMEOUT_MS);
  let shell: IncidentShell | undefined;

  before(async function () {
    requireKubectl(this, 'the safe order is not tried');
    shell = await openIncidentShell();
  });

  after(async () => {
    await shell?.close();
  });

  it('ends the loop of the VM, loses no ready backup, and restarts virt-handler', async () => {
    assert.ok(shell !== undefined);
    const { store } = shell.cluster;
    const backups = (): readonly (KubeObject & Backup)[] =>
      store.list(VM_BACKUPS, 'erp') as unknown as readonly (KubeObject & Backup)[];
    const named = (selected: readonly KubeObject[]): readonly string[] =>
      selected.map(({ metadata }) => metadata.name);
    const failed = (): readonly string[] =>
      named(
        backups().filter(({ spec, status }) => spec.source.name === 'db-01' && status.error !== undefined),
      );
    const ready = (): readonly string[] =>
      named(backups().filter(({ status }) => status.readyToUse === true));
    const handlers = (): readonly string[] => named(store.list('pods', 'harvester-system'));
    const before = { ready: ready(), handlers: handlers(), failed: failed() };
    assert.ok(before.failed.length > 30);

    const page = pages.find(({ name }) => name === 'README');
    const blocks = page?.blocks.filter(
      ({ language, section }) => language === 'sh' && section === 'The safe order',
    );
    const script = blocks?.map(({ text }) => text).join('\n') ?? '';
    const { code, stderr } = await shell.run(script, TIMEOUT_MS);

    assert.equal(code, 0, stderr);
    assert.deepEqual(failed(), []);
    const kept = new Set(ready());
    assert.deepEqual(
      before.ready.filter((name) => !kept.has(name)),
      [],
    );
    assert.equal(before.handlers.filter((name) => !handlers().includes(name)).length, 1);
    const suspended = store
      .list(SCHEDULES)
      .filter(({ spec }) => (spec as { readonly suspend?: boolean }).suspend === true);
    assert.deepEqual(named(suspended), ['erp-hourly', 'web-hourly']);
  });
});
