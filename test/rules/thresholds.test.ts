import assert from 'node:assert/strict';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.ts';
import {
  BACKUP_HABITS,
  EQUAL_STORE,
  FREEZE_FORECAST,
  FREEZE_LEAK_KIB,
  FREEZE_LOOP,
  FREEZE_TROUBLE,
  SOFTENED_LEAK,
  STALE_BACKUP,
  VIRT_HANDLER_MEMORY,
} from '../../src/model/thresholds.ts';
import { TIMING } from '../../src/model/timing.ts';
import { isAlert, readRuleFiles, rulesOf } from '../../tools/rules/rule-files.ts';
import { withThresholds } from '../../tools/rules/thresholds.ts';
import { dashboards } from '../dashboards/dashboards.ts';

const FORECAST_HOURS = FREEZE_FORECAST.warnsBeforeMs / 3_600_000;
const UNVERIFIED_DAYS = BACKUP_HABITS.verifiedForMs / 86_400_000;
const expressions = new Map(
  rulesOf(readRuleFiles(join(projectRoot(), 'rules'))).map((rule) => [
    isAlert(rule) ? rule.alert : rule.record,
    rule.expr,
  ]),
);

describe('the thresholds of the rules', () => {
  const memory = VIRT_HANDLER_MEMORY;
  const fast = `[${FREEZE_LOOP.fastWindows}m]) >= ${FREEZE_LOOP.fastCalls}`;
  const slow = `[1h]) >= ${FREEZE_LOOP.slowWindows}`;
  const perCall = `/ ${FREEZE_LOOP.windowSteps} >=`;
  /** A rule and what its expression has to say, with the numbers the findings use. */
  const SAID: readonly (readonly [string, string])[] = [
    ['vm:vmi_freeze_requests:increase5m', `[${FREEZE_LOOP.windowSteps}m])`],
    ['vm:vmi_freeze_loop:rate10m', `vm:vmi_freeze_requests:increase5m${fast}`],
    ['vm:vmi_freeze_loop:rate10m', `vm:vmi_freeze_requests:active5m${slow}`],
    [
      'vm:vmi_freeze_loop:rate10m',
      `active5m[${FREEZE_LOOP.historySteps / 60}h]) >= ${FREEZE_LOOP.burstWindows}`,
    ],
    ['vm:vmi_freeze_loop:rate10m', `active5m[1h]) >= ${FREEZE_LOOP.burstWindowsLastHour}`],
    [
      'vm:vmi_freeze_loop:rate10m',
      `increase5m[${FREEZE_LOOP.historySteps / 60}h]) ${perCall} ${FREEZE_LOOP.manyCalls}`,
    ],
    ['vm:vmi_freeze_loop:rate10m', `increase5m[1h]) ${perCall} ${FREEZE_LOOP.manyCallsLastHour}`],
    ['vm:vmbackup_freezing_writes:increase5m', `[${FREEZE_LOOP.windowSteps}m])`],
    ['vm:vmbackup_freeze_loop:rate10m', `vm:vmbackup_freezing_writes:increase5m${fast}`],
    ['vm:vmbackup_freeze_loop:rate10m', `vm:vmbackup_freezing_writes:active5m${slow}`],
    ['HarvesterVMFilesystemStuckFrozen', `timestamp_seconds) < ${FREEZE_TROUBLE.frozenSteps} * 60`],
    ['HarvesterVMFreezeFailing', `) >= ${FREEZE_TROUBLE.failingCalls}\n`],
    [
      'HarvesterVMBackupStale',
      `${STALE_BACKUP.intervals} * vm:vmbackup_schedule_interval_seconds:min + ${STALE_BACKUP.slackHours} * 3600`,
    ],
    ['vm:vmi_freeze_loop:rate10m', `[10m]) >= ${FREEZE_LOOP.fastWindowsKnown}`],
    ['HarvesterVMBackupsConcurrent', `) > ${BACKUP_HABITS.concurrent}`],
    ['HarvesterVMBackupUnverified', `> ${UNVERIFIED_DAYS} * 24 * 3600`],
    ['target:cluster_uids:count', `) >= ${EQUAL_STORE.hashes}\n`],
    ['virt_handler:freeze_exhaustion_seconds', `${FREEZE_LEAK_KIB.per_freeze} * 1024 *`],
    ['virt_handler:freeze_exhaustion_seconds', `${FREEZE_LEAK_KIB.per_freeze_softened} * 1024 *`],
    [
      'virt_handler:freeze_exhaustion_seconds',
      `${SOFTENED_LEAK.heldKib} * 1024 * ${SOFTENED_LEAK.heldMinutes} * 60`,
    ],
    ['virt_handler:freeze_exhaustion_seconds', `offset ${SOFTENED_LEAK.heldMinutes}m`],
    ['HarvesterFreezeLoopWillExhaustVirtHandler', `< ${FORECAST_HOURS} * 3600`],
    ['HarvesterVirtHandlerLeaking', `headroom_used_ratio > ${memory.soonHeadroomRatio}`],
    ['HarvesterVirtHandlerMemoryExhaustionSoon', `to_limit_seconds < ${memory.soonHours} * 3600`],
    ['HarvesterVirtHandlerMemoryExhaustionSoon', `headroom_used_ratio > ${memory.soonHeadroomRatio}`],
    ['HarvesterVirtHandlerMemoryExhaustionImminent', `to_limit_seconds < ${memory.imminentMinutes} * 60`],
    ['HarvesterVirtHandlerMemoryExhaustionImminent', `limit_ratio > ${memory.imminentRatio}`],
    ['HarvesterVirtHandlerMemoryHigh', `limit_ratio > ${memory.highRatio}`],
    ['HarvesterVirtHandlerMemoryHigh', `to_limit_seconds < ${memory.imminentMinutes} * 60`],
    ['HarvesterVirtHandlerMemorySawtooth', `count1d >= ${memory.killsPerDay}`],
    ['HarvesterVirtHandlerOOMKilled', `timestamp_seconds) < ${memory.killedHours} * 3600`],
    ['HarvesterVirtHandlerOOMKilled', `age_seconds < ${memory.killedHours} * 3600`],
  ];
  for (const [rule, text] of SAID) {
    it(`are those of the findings: ${rule}, ${text.trim()}`, () => {
      assert.ok(expressions.get(rule)?.includes(text), `${rule} is ${expressions.get(rule) ?? 'not there'}`);
    });
  }

  it('are filled in by name, and refused by name', () => {
    assert.equal(withThresholds('a >= ${FREEZE_LOOP.fastCalls}'), `a >= ${FREEZE_LOOP.fastCalls}`);
    assert.equal(withThresholds('[${FREEZE_LOOP.historySteps in hours}h]'), '[6h]');
    assert.equal(withThresholds('for: ${BACKUP_HABITS.concurrentForMs in minutes}m'), 'for: 30m');
    assert.throws(
      () => withThresholds('${FREEZE_LOOP.historySteps in moons}'),
      /no unit of a threshold: .* in moons$/,
    );
    for (const name of [
      'FREEZE_LOOP.faster',
      'LOOP.fastCalls',
      'constructor.name',
      'FREEZE_LOOP.constructor',
    ])
      assert.throws(
        () => withThresholds(`a > \${${name}}`),
        new RegExp(`^Error: src/model/thresholds\\.ts has no ${name.replace('.', '\\.')}$`),
      );
  });
});

describe('the thresholds of the panels', () => {
  const HOUR = 3_600;
  const memory = VIRT_HANDLER_MEMORY;
  const SHOWN: readonly (readonly [string, string, number])[] = [
    ['freeze', 'Freeze calls that reached virt-handler, in 5 minutes', FREEZE_LOOP.fastCalls],
    ['freeze', 'Writes of VMBackups that freeze a guest, in 5 minutes', FREEZE_LOOP.fastCalls],
    ['freeze', 'Time until virt-handler is killed, by node', memory.imminentMinutes * 60],
    ['freeze', 'Time until virt-handler is killed, by node', FORECAST_HOURS * HOUR],
    ['freeze', 'Kills for memory, last day', memory.killsPerDay],
    ['overview', 'Time until virt-handler is killed, by node', memory.imminentMinutes * 60],
    ['overview', 'virt-handler memory, of its limit', memory.highRatio],
    ['overview', 'Oldest data', TIMING.unreachableAfterMs / 1_000],
    ['fleet', 'Fullest virt-handler, by cluster', memory.highRatio],
    ['backups', 'What would be lost if the VM failed now', STALE_BACKUP.intervals],
    ['backups', 'What would be lost if the VM failed now', UNVERIFIED_DAYS * 24 * HOUR],
  ];
  for (const [name, title, value] of SHOWN) {
    it(`are those of the findings: ${name}/${title}, ${value}`, () => {
      const panel = dashboards.get(`grafana/${name}.json`)?.panels.find((each) => each.title === title);
      assert.ok(panel, `no panel ${title}`);
      assert.ok(JSON.stringify(panel).includes(`{"value":${value},"color"`), JSON.stringify(panel));
    });
  }
});
