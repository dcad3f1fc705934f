import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, objectsOfFile, ROOT, theOne } from './manifests.ts';

const lines = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const last = (instruction: string): string =>
  lines.findLast((line) => line.startsWith(`${instruction} `))?.slice(instruction.length + 1) ?? '';

describe('deploy/Dockerfile', () => {
  it('copies only what is there, and what .dockerignore lets through', () => {
    const sent = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    assert.deepEqual(copied.sort(), sent.sort());
    for (const path of copied) assert.ok(existsSync(join(ROOT, path)), path);
  });

  it('runs as the user of the pod', () => {
    const user = at(
      theOne(objectsOfFile('deploy/freezewatch.yaml'), 'Deployment'),
      'spec.template.spec.securityContext',
    );
    assert.equal(last('USER'), `${Number(at(user, 'runAsUser'))}:${Number(at(user, 'runAsGroup'))}`);
  });

  it('installs from the lock file only, and without what builds and tests', () => {
    const installs = lines.filter((line) => /npm (?:ci|install)/.test(line));
    assert.deepEqual(
      installs.map((line) => line.split(' && ')[0]),
      ['RUN npm ci', 'RUN npm ci --omit=dev'],
    );
  });

  it('is found, licensed and versioned by its labels', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    assert.ok(lines.includes(`ARG VERSION=${version}`));
    for (const label of [
      'title',
      'description',
      'source',
      'documentation',
      'licenses',
      'version',
      'revision',
    ])
      assert.match(last('LABEL'), new RegExp(`org\\.opencontainers\\.image\\.${label}=`));
  });
});
