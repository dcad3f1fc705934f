import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { readRuleFiles } from '../rules/rule-files.ts';
import { chartMetadata } from './chart-metadata.ts';

/** For a ruler above several clusters, not for the Prometheus of one. */
const NOT_IN_A_CLUSTER = 'multi-cluster.yaml';

/** The PrometheusRule and the dashboards as the chart makes them by default, as YAML documents. */
export function monitoringObjects(root: string): string {
  const labels = {
    'app.kubernetes.io/name': 'freezewatch',
    'app.kubernetes.io/instance': 'freezewatch',
    'app.kubernetes.io/version': chartMetadata(root).appVersion,
    'app.kubernetes.io/part-of': 'harvester',
  };
  const objects = [...dashboards(root, labels), rules(root, labels)];
  return objects.map((object) => `---\n${stringify(object, { lineWidth: 0 })}`).join('');
}

type Labels = Readonly<Record<string, string>>;

function rules(root: string, labels: Labels): object {
  const files = readRuleFiles(join(root, 'rules')).filter(({ name }) => name !== NOT_IN_A_CLUSTER);
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'freezewatch', namespace: 'harvester-system', labels },
    spec: { groups: files.flatMap(({ groups }) => groups) },
  };
}

function dashboards(root: string, labels: Labels): readonly object[] {
  const files = readdirSync(join(root, 'grafana')).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `freezewatch-${basename(file, '.json')}`,
      namespace: 'cattle-dashboards',
      labels: { ...labels, grafana_dashboard: '1' },
    },
    data: { [`freezewatch-${file}`]: readFileSync(join(root, 'grafana', file), 'utf8').trimEnd() },
  }));
}
