import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { generatedDashboards } from '../../tools/dashboards/generated-dashboards.ts';

const SCHEMAS = process.env.FREEZEWATCH_GRAFANA_SCHEMAS ?? '';
const OPTION_SCHEMAS: Readonly<Record<string, string>> = {
  timeseries: 'timeseries.json',
  stat: 'stat.json',
  table: 'table.json',
  bargauge: 'bargauge.json',
  'state-timeline': 'statetimeline.json',
};

interface JsonSchema {
  readonly definitions: Readonly<Record<string, { readonly properties: Record<string, unknown> }>>;
}
type Json = Record<string, unknown>;

describe("Grafana's schemas", function () {
  before(function () {
    if (SCHEMAS !== '') return;
    process.stderr.write(
      "\nSKIPPED: Grafana's schemas: FREEZEWATCH_GRAFANA_SCHEMAS does not name the folder of dashboard schemas\n",
    );
    this.skip();
  });

  const releases =
    SCHEMAS === '' ? ['each release line'] : readdirSync(SCHEMAS).filter((name) => !name.includes('.md'));
  for (const release of releases) {
    it(`accept every dashboard: ${release}`, () => {
      const accepts = new Ajv({ strict: false, logger: false, allErrors: true }).compile(
        withAnyValues(
          JSON.parse(readFileSync(join(SCHEMAS, release, 'dashboard.json'), 'utf8')) as JsonSchema,
        ),
      );
      for (const { path, text } of generatedDashboards()) {
        const dashboard = JSON.parse(text) as Json;
        accepts(release.startsWith('v10.1') ? withDefaultsOf101(dashboard) : dashboard);
        assert.deepEqual(accepts.errors ?? [], [], `${path} in ${release}`);
      }
    });
  }

  it('refuse an invalid dashboard', () => {
    const release = releases[0] ?? '';
    const accepts = new Ajv({ strict: false, logger: false }).compile(
      withAnyValues(JSON.parse(readFileSync(join(SCHEMAS, release, 'dashboard.json'), 'utf8')) as JsonSchema),
    );
    const [first] = generatedDashboards();
    assert.equal(
      accepts({
        ...(JSON.parse(first?.text ?? '{}') as Json),
        panels: [{ type: 'graph', nullPointMode: 1 }],
      }),
      false,
    );
  });

  it('know every option of every kind of panel', () => {
    for (const { path, text } of generatedDashboards()) {
      for (const panel of (JSON.parse(text) as { readonly panels: readonly Json[] }).panels) {
        const file = OPTION_SCHEMAS[String(panel.type)];
        if (file === undefined) continue;
        const schema = JSON.parse(readFileSync(join(SCHEMAS, 'main', file), 'utf8')) as JsonSchema;
        const known = Object.keys(schema.definitions.Options?.properties ?? {});
        const unknown = Object.keys(panel.options as Json).filter((option) => !known.includes(option));
        assert.deepEqual(unknown, [], `${path}: ${String(panel.title)}`);
      }
    }
  });
});

/** Where Grafana's source says "any value", its JSON Schemas say "object": a unit or a name would be refused. */
function withAnyValues(schema: JsonSchema): JsonSchema {
  const { DynamicConfigValue: property, MatcherConfig: matcher } = schema.definitions;
  if (property !== undefined) property.properties.value = {};
  if (matcher !== undefined) matcher.properties.options = {};
  return schema;
}

/** Grafana 10.1 asks for two fields it has defaults for, and which later schemas forbid. */
function withDefaultsOf101(dashboard: Json): Json {
  const { list } = dashboard.templating as { readonly list: readonly Json[] };
  return {
    ...dashboard,
    style: 'dark',
    templating: { list: list.map((variable) => ({ ...variable, id: '' })) },
  };
}
