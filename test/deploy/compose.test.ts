import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config.ts';
import { parseFlags } from '../../src/config/flags.ts';
import { findProgram } from '../../simulator/demo/programs.ts';
import { at, ROOT } from './manifests.ts';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly ports: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

const FOLDER = join(ROOT, 'deploy');
const yamlOf = (path: string): unknown => parse(readFileSync(join(FOLDER, path), 'utf8'), { merge: true });
const services = at(yamlOf('compose.yaml'), 'services') as Readonly<Record<string, Service>>;
const names = Object.keys(services);

describe('deploy/compose.yaml', () => {
  it('runs the demo, Prometheus, Alertmanager and Grafana', () => {
    assert.deepEqual(names.sort(), ['alertmanager', 'demo', 'grafana', 'prometheus']);
  });

  it('starts the demo with flags it takes, where Prometheus looks for it', async () => {
    const [command, ...args] = services.demo?.command ?? [];
    assert.equal(command, 'demo');
    const { flags, problems } = parseFlags('demo', args);
    const config = await loadConfig({ command: 'demo', flags, environment: {}, problems });
    const [target] = at(
      yamlOf('compose/prometheus.yaml'),
      'scrape_configs.0.static_configs.0.targets',
    ) as string[];
    assert.equal(target, `demo:${config.listenAddress.port}`);
    assert.equal(config.speed, 60);
  });

  it('mounts only what is there, and read-only', () => {
    const mounts = names.flatMap((name) => services[name]?.volumes ?? []);
    assert.ok(mounts.length >= 4);
    for (const mount of mounts) {
      const [source = '', , mode] = mount.split(':');
      assert.ok(existsSync(join(FOLDER, source)), `${mount}: there is no ${source}`);
      assert.equal(mode, 'ro', mount);
    }
  });

  it('is reached from this machine only', () => {
    for (const name of names)
      for (const port of services[name]?.ports ?? []) assert.match(port, /^127\.0\.0\.1:/, name);
  });

  it('needs neither a writable root nor a capability', () => {
    for (const name of names) {
      assert.equal(services[name]?.read_only, true, name);
      assert.deepEqual(services[name].cap_drop, ['ALL'], name);
    }
  });

  it('names services that are there, and images by version', () => {
    for (const name of names) {
      const { image = '', depends_on: needed = [] } = services[name] ?? {};
      assert.ok(name === 'demo' || /:v?\d+\.\d+\.\d+$/.test(image), image);
      for (const other of needed) assert.ok(other in services, `${name} needs ${other}`);
    }
    const datasource = at(
      yamlOf('compose/grafana/provisioning/datasources/prometheus.yaml'),
      'datasources.0.url',
    );
    assert.equal(datasource, 'http://prometheus:9090');
    const dashboards = at(
      yamlOf('compose/grafana/provisioning/dashboards/freezewatch.yaml'),
      'providers.0.options',
    );
    const mounted = (services.grafana?.volumes ?? []).some((volume) =>
      volume.startsWith('../grafana:/var/lib/dashboards'),
    );
    assert.deepEqual([at(dashboards, 'path'), mounted], ['/var/lib/dashboards', true]);
  });

  for (const [program, args] of [
    ['promtool', ['check', 'config', 'compose/prometheus.yaml']],
    ['amtool', ['check-config', 'compose/alertmanager.yaml']],
  ] as const) {
    it(`has configurations that ${program} calls valid, rules included`, function () {
      const path = findProgram(program);
      if (path === undefined) {
        process.stderr.write(`SKIPPED: the configuration of deploy/compose.yaml: there is no ${program}\n`);
        this.skip();
      }
      const { status, stdout, stderr } = spawnSync(path, args, { cwd: FOLDER, encoding: 'utf8' });
      assert.equal(status, 0, stdout + stderr);
    });
  }
});
