import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeChart } from './chart.ts';
import { fieldProblems } from './kubernetes-fields.ts';
import { at, type Manifest, named, objectsOfFile, ROOT, theOne } from './manifests.ts';

const argsOf = (objects: readonly Manifest[]): readonly string[] =>
  at(theOne(objects, 'Deployment'), 'spec.template.spec.containers.0.args') as readonly string[];

/** Every switch away from its default, one set per rendering. */
const TOGGLES: readonly (readonly string[])[] = [
  ['launcherLogs=off'],
  ['launcherLogs=all', 'clusterName=site-a', 'businessHours=Mon-Fri 08:00-18:00 Europe/Berlin'],
  ['kubevirtNamespace=kubevirt', 'longhornNamespace=', 'dashboards.namespace='],
  ['shards=3'],
  ['serviceAccount.create=false', 'serviceAccount.name=mine', 'rbac.create=false'],
  [
    'rbac.breakLoop.create=true',
    'rbac.breakLoop.subjects[0].kind=User',
    'rbac.breakLoop.subjects[0].name=jane',
  ],
  ['networkPolicy.enabled=true'],
  ['serviceMonitor.enabled=false', 'prometheusRule.enabled=false', 'dashboards.enabled=false'],
  [
    'serviceMonitor.interval=30s',
    'serviceMonitor.scrapeTimeout=10s',
    'serviceMonitor.additionalLabels.release=kps',
  ],
  ['webConfig.existingSecret=web', 'webConfig.tls=true', 'webConfig.tlsSecret=cert', 'probes.tcp=true'],
  ['alertmanagerConfig.enabled=true', 'alertmanagerConfig.receivers[0].name=freezewatch'],
  ['imagePullSecrets[0].name=pull', 'priorityClassName=system-cluster-critical', 'resources.limits=null'],
  ['podAnnotations.a=b', 'podLabels.c=d', 'nodeSelector.e=f', 'tolerations[0].operator=Exists'],
  [
    'extraEnv[0].name=TZ',
    'extraEnv[0].value=UTC',
    'extraArgs[0]=--log.level=debug',
    'commonLabels.team=storage',
  ],
];

describeChart('the chart', (chart) => {
  it('passes helm lint without a warning', () => {
    const { status, stdout, stderr } = chart.run('lint', '--strict', join(ROOT, 'deploy/chart'));
    assert.equal(status, 0, stdout + stderr);
    assert.doesNotMatch(stdout, /\[(?:WARNING|ERROR)\]/);
  });

  it('is by default what deploy/freezewatch.yaml is, but for the labels of helm', () => {
    const withoutHelm = ({ metadata, spec, ...rest }: Manifest): unknown =>
      JSON.parse(
        JSON.stringify({ metadata, spec, ...rest }, (key, value: unknown) =>
          key === 'helm.sh/chart' || key === 'app.kubernetes.io/managed-by' ? undefined : value,
        ),
      );
    const byName = (objects: readonly Manifest[]): object =>
      Object.fromEntries(objects.map((object) => [named(object), withoutHelm(object)]));
    assert.deepEqual(byName(chart.render()), byName(objectsOfFile('deploy/freezewatch.yaml')));
  });

  for (const values of TOGGLES) {
    it(`has only fields that Kubernetes knows with ${values.join(', ')}`, () => {
      assert.deepEqual(
        chart.render(...values).flatMap((object) => fieldProblems(object) ?? []),
        [],
      );
    });
  }

  it('with launcherLogs=off is the same without the role for launcher logs', () => {
    const names = (objects: readonly Manifest[]): readonly string[] => objects.map(named);
    const expected = names(chart.render()).filter((name) => !name.endsWith('/freezewatch-launcher-logs'));
    const off = chart.render('launcherLogs=off');
    assert.deepEqual(names(off), expected);
    assert.ok(argsOf(off).includes('--launcher-logs=off'));
  });

  it('without Longhorn asks for its objects in its own namespace, where it may: the answer is that there are none', () => {
    const objects = chart.render('longhornNamespace=');
    const namespaces = new Set(objects.map(({ metadata }) => metadata.namespace));
    assert.ok(!namespaces.has('longhorn-system'));
    assert.ok(argsOf(objects).includes('--longhorn-namespace=harvester-system'));
    assert.ok(objects.some((object) => named(object) === 'Role/harvester-system/freezewatch-longhorn'));
  });

  it('never binds the role for break-loop to the exporter', () => {
    const objects = chart.render(
      'rbac.breakLoop.create=true',
      'rbac.breakLoop.subjects[0].kind=User',
      'rbac.breakLoop.subjects[0].name=jane',
    );
    const binding = objects.find((object) => named(object) === 'ClusterRoleBinding/freezewatch-break-loop');
    assert.deepEqual(binding?.subjects, [{ kind: 'User', name: 'jane' }]);
    assert.ok(!chart.render().some((object) => named(object).includes('break-loop')));
  });

  it('gives two releases in two namespaces different cluster roles', () => {
    const roles = (namespace: string): readonly string[] =>
      chart
        .renderWith('--namespace', namespace)
        .filter(({ kind }) => kind.startsWith('ClusterRole'))
        .map(named);
    assert.deepEqual(
      roles('team-a').filter((name) => roles('team-b').includes(name)),
      [],
    );
  });

  it('passes every setting to the program', () => {
    const args = argsOf(
      chart.render(
        'clusterName=site-a',
        'businessHours=Mon-Fri 08:00-18:00 Europe/Berlin',
        'allowSharedTarget[0].target=0123456789abcdef',
        'allowSharedTarget[0].until=2027-03-31',
        'logFormat=json',
        'extraArgs[0]=--web.telemetry-path=/m',
      ),
    );
    assert.deepEqual(args.slice(4), [
      '--log.level=info',
      '--log.format=json',
      '--cluster-name=site-a',
      '--business-hours=Mon-Fri 08:00-18:00 Europe/Berlin',
      '--allow-shared-target=0123456789abcdef=2027-03-31',
      '--web.telemetry-path=/m',
    ]);
  });

  it('runs one Deployment per shard, each with its part and its own pods', () => {
    const deployments = chart.render('shards=2').filter(({ kind }) => kind === 'Deployment');
    const shard = (object: Manifest): readonly unknown[] => [
      object.metadata.name,
      argsOf([object]).find((arg) => arg.startsWith('--shard')),
      at(object, 'spec.selector.matchLabels.freezewatch/shard'),
    ];
    assert.deepEqual(deployments.map(shard), [
      ['freezewatch-1', '--shard=1/2', '1'],
      ['freezewatch-2', '--shard=2/2', '2'],
    ]);
  });

  it('takes an image by its digest', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const objects = chart.render(`image.digest=${digest}`, 'image.registry=registry.example.org/mirror');
    assert.equal(
      at(theOne(objects, 'Deployment'), 'spec.template.spec.containers.0.image'),
      `registry.example.org/mirror/freezewatch/freezewatch@${digest}`,
    );
  });

  for (const [limit, option] of [
    ['256Mi', '--max-old-space-size=153'],
    ['1Gi', '--max-old-space-size=614'],
    ['1.5Gi', '--max-old-space-size=921'],
    ['1000M', '--max-old-space-size=571'],
  ] as const) {
    it(`gives Node.js 60 % of a limit of ${limit}`, () => {
      const objects = chart.render(`resources.limits.memory=${limit}`);
      const env = at(theOne(objects, 'Deployment'), 'spec.template.spec.containers.0.env.0.value');
      assert.equal(env, `${option} --max-semi-space-size=2`);
    });
  }

  it('probes over TCP where the kubelet would be asked for a password or a certificate', () => {
    for (const values of [
      ['webConfig.config.basic_auth_users.jane=hash'],
      ['webConfig.config.tls_server_config.client_auth_type=RequireAndVerifyClientCert'],
    ]) {
      const container = at(theOne(chart.render(...values), 'Deployment'), 'spec.template.spec.containers.0');
      assert.deepEqual(at(container, 'livenessProbe.tcpSocket'), { port: 'metrics' });
      assert.equal(at(container, 'livenessProbe.httpGet'), undefined);
    }
  });

  it('keeps passwords in a Secret, and rereads them: the pod mounts the whole Secret', () => {
    const objects = chart.render('webConfig.config.basic_auth_users.jane=hash');
    const secret = theOne(objects, 'Secret');
    const text = Buffer.from(webYaml(secret), 'base64').toString();
    assert.equal(text, 'basic_auth_users:\n  jane: hash');
    assert.ok(argsOf(objects).includes('--web.config.file=/etc/freezewatch/web/web.yaml'));
    assert.equal(
      at(theOne(objects, 'Deployment'), 'spec.template.spec.volumes.0.secret.secretName'),
      secret.metadata.name,
    );
  });

  for (const [value, complaint] of [
    ['launcherLogs=some', /launcherLogs/],
    ['launcherLog=off', /launcherLog/],
    ['image.digest=latest', /digest/],
    ['shards=0', /shards/],
    ['prometheusRule.runbookUrl=https://example.org/', /runbookUrl/],
    ['prometheusRule.alerts.HarvesterVMBackupEror.enabled=false', /no alert "HarvesterVMBackupEror"/],
    ['resources.limits.memory=lots', /not a quantity/],
    ['alertmanagerConfig.enabled=true', /receivers/],
  ] as const) {
    it(`refuses ${value}`, () => {
      assert.match(chart.refusal(value), complaint);
    });
  }

  it('packages with the rules and dashboards inside, and renders the same from the package', () => {
    const folder = mkdtempSync(join(tmpdir(), 'freezewatch-chart-'));
    try {
      const { status, stderr } = chart.run('package', join(ROOT, 'deploy/chart'), '--destination', folder);
      assert.equal(status, 0, stderr);
      const [archive = ''] = readdirSync(folder);
      const packaged = chart.run(
        'template',
        'freezewatch',
        join(folder, archive),
        '--kube-version',
        '1.32.0',
      );
      assert.equal(packaged.status, 0, packaged.stderr);
      const rule = theOne(chart.render(), 'PrometheusRule');
      assert.ok(packaged.stdout.includes('kind: PrometheusRule'));
      assert.ok(packaged.stdout.split('- alert: ').length - 1 === alertCount(rule));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const webYaml = (secret: Manifest): string =>
  (secret.data as Readonly<Record<string, string>>)['web.yaml'] ?? '';

const alertCount = (rule: Manifest): number => JSON.stringify(rule.spec).split('"alert":').length - 1;
