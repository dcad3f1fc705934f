import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { allFindings } from '../../src/findings/all-findings.ts';
import { reportOf } from '../../src/findings/report.ts';
import { commandLine, shellWord } from '../../src/findings/shell-word.ts';
import { textReport } from '../../src/findings/text-report.ts';
import { anErrorBackup, aSchedule, aView, aVm, aVmi } from '../builders.ts';

const viewNaming = (namespace: string, name: string) =>
  aView({
    virtualMachines: [aVm({ namespace, name, createdMs: 0 })],
    vmis: [aVmi({ namespace, name })],
    schedules: [aSchedule({ namespace, name, suspendedBy: 'failures' })],
    vmBackups: [anErrorBackup({ namespace, name, vm: name })],
  });

/** A shell's own reading of a word. */
const readByShell = (word: string): string =>
  spawnSync('sh', ['-c', `printf %s ${word}`], { encoding: 'utf8' }).stdout;

describe('names from the cluster', () => {
  it('are one word of a command, with any characters', () => {
    for (const name of ["a'b", '$(touch x)', '`x`', 'a b', '', '-n', 'a;b', 'a\\b', 'ä"']) {
      assert.equal(readByShell(shellWord(name)), name);
    }
    assert.equal(commandLine('kubectl', 'get', 'vm', "it's"), "kubectl get vm 'it'\\''s'");
  });

  it('cannot leave their quotes in any command of a finding', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const hostile = `'; ${name}; '`;
        for (const { remedy } of allFindings(viewNaming('prod', hostile))) {
          for (const command of remedy.commands) assert.ok(isQuoted(command, hostile), command);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('send no control characters to a terminal', () => {
    const text = textReport('Cluster', reportOf(viewNaming('prod', 'a\u001b[2Jb')), { colour: false });
    assert.match(text, /a\?\[2Jb/);
    assert.doesNotMatch(text, /[^\P{Cc}\n]/u);
  });
});

/** Without the quoted name, nothing of it is left. */
const isQuoted = (command: string, name: string): boolean => {
  const rest = command
    .replaceAll(shellWord(name), '')
    .replaceAll(shellWord(`prod_${name}`), '')
    .replaceAll(shellWord(`/namespaces/prod/virtualmachineinstances/${name}/freeze`), '');
  return !rest.includes("'; ");
};
