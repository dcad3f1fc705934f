import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
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

  it('the chart holds no copies: its rules and dashboards are links to the files themselves', () => {
    const same = (link: string, path: string): void => assert.equal(textOf(link), textOf(path));
    same('deploy/chart/files/rules/freeze.yaml', 'rules/freeze.yaml');
    same('deploy/chart/files/dashboards/../rules/backup.yaml', 'rules/backup.yaml');
  });
});
