import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../../simulator/demo/programs.ts';

describe('findProgram', () => {
  let directory = '';
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'freezewatch-programs-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = (name: string, mode: number): string => {
    const file = join(directory, name);
    writeFileSync(file, '');
    chmodSync(file, mode);
    return file;
  };

  it('takes the first program of the path, by the name of Debian or of its project', () => {
    const file = write('prometheus-alertmanager', 0o755);
    assert.equal(findProgram('alertmanager', directory, file), file);
    rmSync(file);
    const own = write('alertmanager', 0o755);
    assert.equal(findProgram('alertmanager', directory), own);
  });

  it('does not take a file that is no program', () => {
    const file = write('promtool', 0o644);
    assert.notEqual(findProgram('promtool', directory), file);
  });

  it('does not take the Alertmanager of Debian without the template it needs to start', () => {
    const file = write('prometheus-alertmanager', 0o755);
    assert.notEqual(findProgram('alertmanager', directory, join(directory, 'default.tmpl')), file);
  });
});
