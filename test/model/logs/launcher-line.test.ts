import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { LAUNCHER_LINE_NEEDLE, parseLauncherLine } from '../../../src/model/logs/launcher-line.ts';

const line = (msg: unknown, fields: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ component: 'virt-launcher', level: 'warning', msg, pos: 'manager.go:1656', ...fields });
const safety = (than: string, duration: string): string =>
  `Unfreeze was not called for vmi web-01 for more ${than} ${duration}, initiating unfreeze`;

describe('parseLauncherLine', () => {
  for (const duration of ['1s', '5m0s', '1h0m0s', '500ms', '1.5s', '250µs']) {
    for (const than of ['then', 'than']) {
      it(`counts a safety unfreeze after ${duration}, spelled "${than}"`, () => {
        assert.equal(parseLauncherLine(line(safety(than, duration))), 'safety_unfreeze');
      });
    }
  }

  const others: readonly [string, string, ReturnType<typeof parseLauncherLine>][] = [
    [
      'a thaw the domain manager could not do',
      line('Failed to unfreeze vmi, virError(Code=86, ...)'),
      'thaw_failed',
    ],
    ['a thaw request that failed', line('Failed to unfreeze vmi'), 'thaw_request_failed'],
    [
      "a thaw that KubeVirt's own backup could not do",
      line('Failed to unfreeze filesystem after backup completion', {
        level: 'error',
        reason: 'virError(Code=86)',
      }),
      'backup_thaw_failed',
    ],
    ["a thaw of KubeVirt's own backup", line('Thawing VMI after backup job started'), undefined],
    ["a freeze of KubeVirt's own backup", line('Freezing VMI to capture backup state'), undefined],
    [
      'a freeze that its backup could not do',
      line('Failed freezing guest filesystem: virError(Code=86)'),
      undefined,
    ],
    ['a freeze', line('Freezed vmi'), undefined],
    ['an explicit unfreeze', line('Unfreezed vmi'), undefined],
    ['a failed freeze', line('Failed to freeze vmi'), undefined],
    ['a cancelled safety unfreeze', line('Canceling schedualed Unfreeze for vmi web-01'), undefined],
    ['the warning inside a longer text', line(`x ${safety('then', '1s')}`), undefined],
    ['the warning with more after it', line(`${safety('then', '1s')} y`), undefined],
    ['a text that is no duration', line(safety('then', 'soon')), undefined],
    ["a line of qemu's", line(safety('then', '1s'), { subcomponent: 'qemu' }), undefined],
    ['another component', line(safety('then', '1s'), { component: 'virt-handler' }), undefined],
    ['a message that is no text', line(1), undefined],
    ['plain text', safety('then', '1s'), undefined],
  ];
  for (const [name, text, expected] of others) {
    it(`${expected === undefined ? 'ignores' : 'counts'} ${name}`, () => {
      assert.equal(parseLauncherLine(text), expected);
    });
  }

  it('never throws, and needs the needle to count', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((msg) => line(msg)),
        ),
        (text) => {
          if (parseLauncherLine(text) !== undefined) assert.ok(text.includes(LAUNCHER_LINE_NEEDLE));
        },
      ),
    );
  });
});

const FOLDER = process.env.FREEZEWATCH_LINES;

describe('parseLauncherLine, on lines of real KubeVirt code', () => {
  if (FOLDER === undefined || !existsSync(FOLDER)) {
    it.skip('FREEZEWATCH_LINES names no folder of them');
    return;
  }
  for (const name of readdirSync(FOLDER).filter((file) => /^launcher-.*\.log$/.test(file))) {
    it(`counts the events of ${name}`, () => {
      const lines = readFileSync(join(FOLDER, name), 'utf8').split('\n');
      const expected = JSON.parse(
        readFileSync(join(FOLDER, name.replace(/\.log$/, '.expected.json')), 'utf8'),
      ) as { readonly events: Readonly<Record<string, number>> };
      const counts: Record<string, number> = {};
      for (const text of lines) {
        const event = parseLauncherLine(text);
        if (event !== undefined) counts[event] = (counts[event] ?? 0) + 1;
      }
      const { backup_thaw_failed: ofBackups, ...others } = counts;
      assert.deepEqual(others, expected.events);
      assert.equal(ofBackups ?? 0, lines.filter((text) => text.includes('after backup completion')).length);
    });
  }
});
