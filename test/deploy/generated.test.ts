import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { REPOSITORY_URL } from '../../src/findings/runbook-url.ts';
import { deployFiles } from '../../tools/deploy/deploy-files.ts';
import { at, ROOT } from './manifests.ts';

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the generated files of deploy/', () => {
  for (const { path, text } of deployFiles(ROOT)) {
    it(`${path} is what the declarations say`, () => {
      assert.ok(textOf(path) === text, 'it is stale: run `npm run generate`');
    });
  }

  it('the chart, its application and the package have one version', () => {
    const chart: unknown = parse(textOf('deploy/chart/Chart.yaml'));
    const { version } = JSON.parse(textOf('package.json')) as { readonly version: string };
    assert.deepEqual([at(chart, 'version'), at(chart, 'appVersion')], [version, version]);
  });

  it('the chart and the image name the repository whose runbooks the alerts link', () => {
    const chart: unknown = parse(textOf('deploy/chart/Chart.yaml'));
    assert.deepEqual([at(chart, 'home'), at(chart, 'sources')], [REPOSITORY_URL, [REPOSITORY_URL]]);
    assert.ok(textOf('deploy/Dockerfile').includes(`org.opencontainers.image.source="${REPOSITORY_URL}"`));
  });

  it('the chart holds no copies: its rules and dashboards are links to the files themselves', () => {
    const same = (link: string, path: string): void => assert.equal(textOf(link), textOf(path));
    same('deploy/chart/files/rules/freeze.yaml', 'rules/freeze.yaml');
    same('deploy/chart/files/dashboards/../rules/backup.yaml', 'rules/backup.yaml');
  });
});
