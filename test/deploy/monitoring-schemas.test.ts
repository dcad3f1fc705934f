import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { describeChart } from './chart.ts';
import { at, type Manifest, named, objectsOfFile } from './manifests.ts';

interface Version {
  readonly name: string;
  readonly schema: { readonly openAPIV3Schema: Schema };
}

const FORMATS = { int32: true, int64: true, 'date-time': true } as const;

/** The schema of a version that the CRD of prometheus-operator serves. */
function schemaOf(folder: string, plural: string, { apiVersion }: Manifest): ValidateFunction {
  const crd: unknown = parse(readFileSync(join(folder, `monitoring.coreos.com_${plural}.yaml`), 'utf8'));
  const versions = at(crd, 'spec.versions') as readonly Version[];
  const version = versions.find(({ name }) => apiVersion === `monitoring.coreos.com/${name}`);
  assert.ok(version, `${plural} is not served as ${apiVersion}`);
  const ajv = new Ajv({ strict: false, allErrors: true, formats: FORMATS });
  return ajv.compile(closed(version.schema.openAPIV3Schema));
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly additionalProperties?: Schema | boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

/** The API server prunes unknown fields of a custom resource without a word: here they are errors. */
function closed(schema: Schema): Schema {
  const { properties, items, additionalProperties, pattern, ...others } = schema;
  return {
    ...others,
    // JavaScript does not know the inline flags of Go.
    ...(pattern === undefined || pattern.includes('(?i)') ? {} : { pattern }),
    ...(items === undefined ? {} : { items: closed(items) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: closed(additionalProperties) }
      : {}),
    ...(properties === undefined || schema['x-kubernetes-preserve-unknown-fields'] === true
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, each]) => [name, closed(each)]),
          ),
          additionalProperties: false,
        }),
  };
}

const PLURALS: Readonly<Record<string, string>> = {
  ServiceMonitor: 'servicemonitors',
  PrometheusRule: 'prometheusrules',
  AlertmanagerConfig: 'alertmanagerconfigs',
};

const folder = process.env.FREEZEWATCH_MONITORING_CRDS;
if (folder === undefined)
  process.stderr.write(
    'the schemas of prometheus-operator (SKIPPED: FREEZEWATCH_MONITORING_CRDS is not set; .ci/checks/deploy sets it)\n',
  );

const assertValid = (objects: readonly Manifest[], kinds: readonly string[]): void => {
  assert.ok(folder !== undefined);
  const checked = objects.filter(({ kind }) => kind in PLURALS);
  assert.deepEqual([...new Set(checked.map(({ kind }) => kind))].sort(), kinds);
  for (const object of checked) {
    const validate = schemaOf(folder, PLURALS[object.kind] ?? '', object);
    assert.ok(validate(object), `${named(object)}: ${JSON.stringify(validate.errors, null, 2)}`);
  }
};

(folder === undefined ? describe.skip : describe)('the schemas of prometheus-operator', () => {
  it('take the objects of deploy/freezewatch.yaml', () => {
    assertValid(objectsOfFile('deploy/freezewatch.yaml'), ['PrometheusRule', 'ServiceMonitor']);
  });

  it('take the example of deploy/alertmanager', () => {
    assertValid(objectsOfFile('deploy/alertmanager/alertmanagerconfig.yaml'), ['AlertmanagerConfig']);
  });

  it('notice a field that does not exist, and a null', () => {
    const [monitor] = objectsOfFile('deploy/freezewatch.yaml').filter(
      ({ kind }) => kind === 'ServiceMonitor',
    );
    assert.ok(monitor);
    for (const wrong of [{ honourLabels: true }, { metricRelabelings: null }]) {
      const endpoints = [{ port: 'metrics', ...wrong }];
      const object: Manifest = { ...monitor, spec: { ...(monitor.spec as object), endpoints } };
      assert.throws(() => assertValid([object], ['ServiceMonitor']), /additionalProperties|type/);
    }
  });

  describeChart('and the chart', (chart) => {
    it('take what it makes with every monitoring value set', () => {
      const objects = chart.render(
        'serviceMonitor.interval=30s',
        'serviceMonitor.scrapeTimeout=10s',
        'serviceMonitor.tlsConfig.insecureSkipVerify=true',
        'serviceMonitor.basicAuth.username.name=auth',
        'serviceMonitor.basicAuth.username.key=user',
        'serviceMonitor.relabelings[0].targetLabel=site',
        'serviceMonitor.relabelings[0].replacement=a',
        'webConfig.tls=true',
        'prometheusRule.namespaceOverride=alerts',
        'prometheusRule.alerts.HarvesterVMBackupError.keepFiringFor=10m',
        'alertmanagerConfig.enabled=true',
        'alertmanagerConfig.receivers[0].name=freezewatch',
        'alertmanagerConfig.receivers[0].webhookConfigs[0].url=https://example.org/hook',
      );
      assertValid(objects, ['AlertmanagerConfig', 'PrometheusRule', 'ServiceMonitor']);
    });
  });
});
