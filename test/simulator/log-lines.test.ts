import assert from 'node:assert/strict';
import { parseAccessLine } from '../../src/model/logs/access-line.ts';
import { parseLauncherLine } from '../../src/model/logs/launcher-line.ts';
import { virtualWorld } from './world-of.ts';

const VM = { namespace: 'erp', name: 'db-01' } as const;

function linesAfterFreeze(action: (world: ReturnType<typeof virtualWorld>) => void): {
  launcher: string[];
  access: string[];
} {
  const world = virtualWorld();
  const { site, machines, api } = world.cluster;
  action(world);
  world.cluster.api.call('freeze', VM, () => undefined);
  world.clock.advance(10_000);
  const guest = machines.guests.get('erp/db-01');
  const texts = (namespace: string, name: string, container: string): string[] =>
    (site.logs.read({ namespace, name }, container) ?? []).map(({ text }) => text);
  return {
    launcher: texts('erp', guest?.pod ?? '', 'compute'),
    access: api.pods.flatMap((pod) => texts('harvester-system', pod, 'virt-api')),
  };
}

const messages = (lines: readonly string[]): unknown[] =>
  lines.filter((line) => line.startsWith('{')).map((line) => (JSON.parse(line) as { msg: unknown }).msg);

describe('the log lines of a freeze', () => {
  it('are KubeVirt’s: keys in order, no spaces, six decimals', () => {
    const { launcher, access } = linesAfterFreeze(() => undefined);
    for (const line of [...launcher, ...access].filter((each) => each.startsWith('{'))) {
      const fields = JSON.parse(line) as Record<string, unknown>;
      assert.equal(line, JSON.stringify(fields));
      assert.deepEqual(Object.keys(fields), Object.keys(fields).sort());
      assert.match(String(fields.timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    }
  });

  it('say that the guest froze, and that only its timeout ended that', () => {
    const { launcher } = linesAfterFreeze(() => undefined);
    assert.deepEqual(messages(launcher).slice(-2), [
      'Freezed vmi',
      'Unfreeze was not called for vmi db-01 for more then 1s, initiating unfreeze',
    ]);
    assert.equal(launcher.map(parseLauncherLine).filter((event) => event === 'safety_unfreeze').length, 1);
  });

  it('name the VM in the text alone where KubeVirt does, and show the source line of its release', () => {
    const line = linesAfterFreeze(() => undefined).launcher.at(-1) ?? '';
    const { component, level, pos, ...rest } = JSON.parse(line) as Record<string, unknown>;
    assert.deepEqual(
      { component, level, pos },
      { component: 'virt-launcher', level: 'warning', pos: 'manager.go:1567' },
    );
    assert.deepEqual(Object.keys(rest), ['msg', 'timestamp']);
  });

  it('leave one access line per call, with its answer', () => {
    const { access } = linesAfterFreeze(() => undefined);
    assert.deepEqual(
      access.flatMap((line) => parseAccessLine(line) ?? []),
      [{ namespace: 'erp', vm: 'db-01', action: 'freeze', result: 'success' }],
    );
  });

  it('show two errors in the launcher and a 500 where the agent refuses', () => {
    const { launcher, access } = linesAfterFreeze(({ cluster }) => {
      const guest = cluster.machines.guests.get('erp/db-01');
      assert.ok(guest);
      guest.refusesFreeze = true;
    });
    const [detailed, plain] = messages(launcher).slice(-2);
    assert.match(String(detailed), /^Failed to freeze vmi, virError/);
    assert.equal(plain, 'Failed to freeze vmi');
    assert.deepEqual(
      access.flatMap((line) => parseAccessLine(line)?.result ?? []),
      ['failed'],
    );
  });

  it('do not arm a second timer for a guest that is frozen already', () => {
    const { launcher } = linesAfterFreeze(({ cluster }) => cluster.api.call('freeze', VM, () => undefined));
    assert.equal(messages(launcher).filter((text) => text === 'Freezed vmi').length, 2);
    assert.equal(launcher.filter((line) => line.includes('Unfreeze was not called')).length, 1);
  });

  it('are a 404 for a VM that does not run: the call never reached virt-handler', () => {
    const { cluster, clock } = virtualWorld();
    cluster.api.call('freeze', { namespace: 'erp', name: 'gone' }, () => undefined);
    clock.advance(1_000);
    assert.deepEqual(
      cluster.site.ledger.counts('freeze_call').map(({ vm, result, count }) => ({ vm, result, count })),
      [{ vm: 'gone', result: 'rejected', count: 1 }],
    );
    assert.equal(cluster.site.ledger.total('leaked_call'), 0);
  });

  it('hide among others that only look like them', () => {
    const { cluster, clock } = virtualWorld({ backgroundNoise: true });
    clock.advance(600_000);
    const lines = cluster.api.pods.flatMap(
      (name) => cluster.site.logs.read({ namespace: 'harvester-system', name }, 'virt-api') ?? [],
    );
    assert.ok(lines.filter(({ text }) => text.includes('freeze')).length > 50);
    assert.deepEqual(
      lines.flatMap(({ text }) => parseAccessLine(text) ?? []),
      [],
    );
    const pod = cluster.machines.guests.get('erp/db-01')?.pod ?? '';
    const forged = cluster.site.logs.read({ namespace: 'erp', name: pod }, 'guest-console-log') ?? [];
    assert.ok(
      forged.some(({ text }) => parseLauncherLine(text) === 'safety_unfreeze'),
      'the guest forges a line',
    );
  });
});
