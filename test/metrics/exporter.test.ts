import assert from 'node:assert/strict';
import * as exporter from '../../src/metrics/exporter.ts';
import type { Family } from '../../src/metrics/family.ts';
import type { ExporterReport, SourceReport } from '../../src/model/view.ts';
import { aView, NOW_MS } from '../builders.ts';
import { seriesOf } from './series.ts';

/** A source that works and has just proved fresh. */
const aSource = (overrides: Partial<SourceReport> = {}): SourceReport => ({
  source: 'virtualmachines',
  up: true,
  lastSuccessMs: NOW_MS,
  errors: new Map(),
  ...overrides,
});

const ofSources = (family: Family, ...sources: readonly SourceReport[]): readonly string[] =>
  seriesOf(family, aView({ sources }));

const ofExporter = (family: Family, report: Partial<ExporterReport> = {}): readonly string[] =>
  seriesOf(family, aView({ exporter: { ...aView().exporter, ...report } }));

describe('freezewatch_source_up', () => {
  it('is 1 for a source that works, 0 for one that fails, and absent for one that is not served or not tried', () => {
    assert.deepEqual(
      ofSources(
        exporter.sourceUp,
        aSource({ source: 'virtualmachines', up: true }),
        aSource({ source: 'longhorn_backups', up: false }),
        aSource({ source: 'schedulevmbackups', up: undefined }),
      ),
      [
        'freezewatch_source_up{source="longhorn_backups"} 0',
        'freezewatch_source_up{source="virtualmachines"} 1',
      ],
    );
  });

  it('does not show why a source fails: the remedy may hold a name', () => {
    assert.deepEqual(ofSources(exporter.sourceUp, aSource({ up: false, remedy: 'let it list secrets' })), [
      'freezewatch_source_up{source="virtualmachines"} 0',
    ]);
  });
});

describe('freezewatch_source_last_success_timestamp_seconds', () => {
  it('is the moment in seconds, kept while the source fails', () => {
    assert.deepEqual(
      ofSources(exporter.sourceLastSuccess, aSource({ up: false, lastSuccessMs: NOW_MS - 1_500 })),
      [`freezewatch_source_last_success_timestamp_seconds{source="virtualmachines"} ${NOW_MS / 1_000 - 1.5}`],
    );
  });

  it('is absent for a source that never succeeded, and not 0: that would be 1970', () => {
    assert.deepEqual(
      ofSources(exporter.sourceLastSuccess, aSource({ up: false, lastSuccessMs: undefined })),
      [],
    );
  });
});

describe('freezewatch_source_errors_total', () => {
  it('has one series per source and kind of error', () => {
    const errors = new Map([
      ['forbidden', 3],
      ['timeout', 1],
    ]);
    assert.deepEqual(
      ofSources(
        exporter.sourceErrors,
        aSource({ source: 'longhorn_backups', up: false, errors }),
        aSource({ source: 'virtualmachines' }),
        aSource({ source: 'virt_api_logs', up: false, errors: new Map([['mute', 1]]) }),
      ),
      [
        'freezewatch_source_errors_total{source="longhorn_backups",kind="forbidden"} 3',
        'freezewatch_source_errors_total{source="longhorn_backups",kind="timeout"} 1',
        'freezewatch_source_errors_total{source="virt_api_logs",kind="mute"} 1',
      ],
    );
  });

  it('keeps a 0, so that the first error is an increase', () => {
    assert.deepEqual(ofSources(exporter.sourceErrors, aSource({ errors: new Map([['timeout', 0]]) })), [
      'freezewatch_source_errors_total{source="virtualmachines",kind="timeout"} 0',
    ]);
  });
});

describe('freezewatch_build_info', () => {
  it('names the version of the exporter and that of Node.js', () => {
    assert.deepEqual(ofExporter(exporter.buildInfo, { version: '1.2.3', nodeVersion: 'v20.19.0' }), [
      'freezewatch_build_info{version="1.2.3",node_version="v20.19.0"} 1',
    ]);
  });
});

describe('what the exporter counts by resource or source', () => {
  const cases = [
    ['freezewatch_decode_errors_total', exporter.decodeErrors, 'decodeErrors', 'resource'],
    ['freezewatch_objects', exporter.objects, 'objects', 'resource'],
    ['freezewatch_log_lines_total', exporter.logLines, 'logLines', 'source'],
    ['freezewatch_log_gaps_total', exporter.logGaps, 'logGaps', 'source'],
  ] as const;
  for (const [name, family, field, label] of cases) {
    it(`is ${name}: one series for each it knows, those at 0 included`, () => {
      const counts = new Map([
        ['virtualmachines', 0],
        ['virt_api_logs', 12],
      ]);
      assert.deepEqual(ofExporter(family, { [field]: counts }), [
        `${name}{${label}="virt_api_logs"} 12`,
        `${name}{${label}="virtualmachines"} 0`,
      ]);
      assert.deepEqual(ofExporter(family), []);
    });
  }
});

describe('the log streams', () => {
  it('are those open and those skipped, each always there', () => {
    const report = { logStreams: 20, logStreamsSkipped: 3 };
    assert.deepEqual(ofExporter(exporter.logStreams, report), ['freezewatch_log_streams{} 20']);
    assert.deepEqual(ofExporter(exporter.logStreamsSkipped, report), ['freezewatch_log_streams_skipped{} 3']);
    assert.deepEqual(ofExporter(exporter.logStreams), ['freezewatch_log_streams{} 0']);
    assert.deepEqual(ofExporter(exporter.logStreamsSkipped), ['freezewatch_log_streams_skipped{} 0']);
  });
});

describe('the families of the exporter', () => {
  it('are named freezewatch_, counters end in _total, and gauges do not', () => {
    const families: readonly Family[] = Object.values(exporter);
    assert.deepEqual(
      families.filter(({ name, type }) => {
        const isCounter = name.endsWith('_total');
        return !name.startsWith('freezewatch_') || isCounter !== (type === 'counter');
      }),
      [],
    );
  });
});
