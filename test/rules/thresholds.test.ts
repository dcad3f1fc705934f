import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.ts';
import * as thresholds from '../../src/model/thresholds.ts';
import { TIMING } from '../../src/model/timing.ts';
import { isAlert, readRuleFiles, rulesOf } from '../../tools/rules/rule-files.ts';
import { withThresholds } from '../../tools/rules/thresholds.ts';
import { dashboards } from '../dashboards/dashboards.ts';

const {
  BACKUP_HABITS,
  FREEZE_BURSTS,
  FREEZE_FAILING,
  FREEZE_LEAK,
  FREEZE_LOOP,
  SAME_STORE,
  STALE_BACKUP,
  STUCK_FROZEN,
  VIRT_HANDLER_MEMORY,
} = thresholds;

const SOURCES = join(projectRoot(), 'tools/rules/source');
const sources = readdirSync(SOURCES)
  .map((name) => readFileSync(join(SOURCES, name), 'utf8'))
  .join('');
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
    ['vm:vmi_freeze_loop:rate10m', `active5m[${FREEZE_BURSTS.hours}h]) >= ${FREEZE_BURSTS.windows}`],
    ['vm:vmi_freeze_loop:rate10m', `active5m[1h]) >= ${FREEZE_BURSTS.lastHourWindows}`],
    ['vm:vmi_freeze_loop:rate10m', `increase5m[${FREEZE_BURSTS.hours}h]) ${perCall} ${FREEZE_BURSTS.calls}`],
    ['vm:vmi_freeze_loop:rate10m', `increase5m[1h]) ${perCall} ${FREEZE_BURSTS.lastHourCalls}`],
    ['vm:vmbackup_freezing_writes:increase5m', `[${FREEZE_LOOP.windowSteps}m])`],
    ['vm:vmbackup_freeze_loop:rate10m', `vm:vmbackup_freezing_writes:increase5m${fast}`],
    ['vm:vmbackup_freeze_loop:rate10m', `vm:vmbackup_freezing_writes:active5m${slow}`],
    ['HarvesterVMFilesystemStuckFrozen', `timestamp_seconds) < ${STUCK_FROZEN.quietMinutes} * 60`],
    ['HarvesterVMFreezeFailing', `) >= ${FREEZE_FAILING.calls}\n`],
    [
      'HarvesterVMBackupStale',
      `${STALE_BACKUP.intervals} * vm:vmbackup_schedule_interval_seconds:min + ${STALE_BACKUP.slackHours} * 3600`,
    ],
    ['HarvesterVMBackupsConcurrent', `) > ${BACKUP_HABITS.concurrent}`],
    ['HarvesterVMBackupUnverified', `> ${BACKUP_HABITS.unverifiedDays} * 24 * 3600`],
    ['target:cluster_uids:count', `) >= ${SAME_STORE.equalHashes}\n`],
    ['virt_handler:freeze_exhaustion_seconds', `${FREEZE_LEAK.keptKib} * 1024 *`],
    ['virt_handler:freeze_exhaustion_seconds', `${FREEZE_LEAK.softenedKeptKib} * 1024 *`],
    [
      'virt_handler:freeze_exhaustion_seconds',
      `${FREEZE_LEAK.softenedHeldKib} * 1024 * ${FREEZE_LEAK.softenedHeldMinutes} * 60`,
    ],
    ['virt_handler:freeze_exhaustion_seconds', `offset ${FREEZE_LEAK.softenedHeldMinutes}m`],
    ['HarvesterFreezeLoopWillExhaustVirtHandler', `< ${memory.freezeExhaustionHours} * 3600`],
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

  it('are whole groups: what a rule does not read beside its neighbours is forgotten there', () => {
    const isRead = (name: string): boolean => sources.includes(`\${${name}}`);
    const names = Object.entries(thresholds).map(([group, fields]) =>
      Object.keys(fields).map((field) => `${group}.${field}`),
    );
    assert.deepEqual(
      names.filter((group) => group.some(isRead)).flatMap((group) => group.filter((name) => !isRead(name))),
      [],
    );
  });

  it('are filled in by name, and refused by name', () => {
    assert.equal(withThresholds('a >= ${FREEZE_LOOP.fastCalls}'), `a >= ${FREEZE_LOOP.fastCalls}`);
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
    ['freeze', 'Time until virt-handler is killed, by node', memory.freezeExhaustionHours * HOUR],
    ['freeze', 'Kills for memory, last day', memory.killsPerDay],
    ['overview', 'Time until virt-handler is killed, by node', memory.imminentMinutes * 60],
    ['overview', 'virt-handler memory, of its limit', memory.highRatio],
    ['overview', 'Oldest data', TIMING.unreachableAfterMs / 1_000],
    ['fleet', 'Fullest virt-handler, by cluster', memory.highRatio],
    ['backups', 'What would be lost if the VM failed now', STALE_BACKUP.intervals],
    ['backups', 'What would be lost if the VM failed now', BACKUP_HABITS.unverifiedDays * 24 * HOUR],
  ];
  for (const [name, title, value] of SHOWN) {
    it(`are those of the findings: ${name}/${title}, ${value}`, () => {
      const panel = dashboards.get(`grafana/${name}.json`)?.panels.find((each) => each.title === title);
      assert.ok(panel, `no panel ${title}`);
      assert.ok(JSON.stringify(panel).includes(`{"value":${value},"color"`), JSON.stringify(panel));
    });
  }
});
