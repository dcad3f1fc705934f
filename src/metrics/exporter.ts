import { family, ofEach, seconds } from './family.ts';

export const buildInfo = family({
  name: 'freezewatch_build_info',
  shards: 'every',
  type: 'gauge',
  help: 'Constant 1; the version of the exporter and of Node.js.',
  labels: ['version', 'node_version'],
  *observe({ exporter }) {
    yield { labels: { version: exporter.version, node_version: exporter.nodeVersion }, value: 1 };
  },
});

export const sourceUp = family({
  name: 'freezewatch_source_up',
  shards: 'every',
  type: 'gauge',
  help: '1 while a source of facts works, 0 while it fails or is forbidden; absent where the cluster does not serve it.',
  labels: ['source'],
  *observe({ sources }) {
    for (const { source, up } of sources)
      if (up !== undefined) yield { labels: { source }, value: Number(up) };
  },
});

export const sourceLastSuccess = family({
  name: 'freezewatch_source_last_success_timestamp_seconds',
  shards: 'every',
  type: 'gauge',
  help: 'When a source last proved fresh: a list, an open watch, an event, a log line. After 5 minutes without, its series are dropped.',
  labels: ['source'],
  *observe({ sources }) {
    for (const { source, lastSuccessMs } of sources) {
      if (lastSuccessMs !== undefined) yield { labels: { source }, value: seconds(lastSuccessMs) };
    }
  },
});

export const sourceErrors = family({
  name: 'freezewatch_source_errors_total',
  shards: 'every',
  type: 'counter',
  help: 'Failures of a source, by kind.',
  labels: ['source', 'kind'],
  *observe({ sources }) {
    for (const { source, errors } of sources) {
      for (const [kind, value] of errors) yield { labels: { source, kind }, value };
    }
  },
});

export const decodeErrors = family({
  name: 'freezewatch_decode_errors_total',
  shards: 'every',
  type: 'counter',
  help: 'Objects that were skipped because they do not have the shape we rely on.',
  labels: ['resource'],
  observe: ofEach(
    ({ exporter }) => exporter.decodeErrors,
    ([resource]) => ({ resource }),
    ([, value]) => value,
  ),
});

export const logLines = family({
  name: 'freezewatch_log_lines_total',
  shards: 'every',
  type: 'counter',
  help: 'Lines read from the logs of a source, of interest or not.',
  labels: ['source'],
  observe: ofEach(
    ({ exporter }) => exporter.logLines,
    ([source]) => ({ source }),
    ([, value]) => value,
  ),
});

export const logGaps = family({
  name: 'freezewatch_log_gaps_total',
  shards: 'every',
  type: 'counter',
  help: 'Times lines of a log may have been lost between two readings: the counts of that time may be too low.',
  labels: ['source'],
  observe: ofEach(
    ({ exporter }) => exporter.logGaps,
    ([source]) => ({ source }),
    ([, value]) => value,
  ),
});

export const logStreams = family({
  name: 'freezewatch_log_streams',
  shards: 'every',
  type: 'gauge',
  help: 'Container logs followed now.',
  labels: [],
  *observe({ exporter }) {
    yield { labels: {}, value: exporter.logStreams };
  },
});

export const logStreamsSkipped = family({
  name: 'freezewatch_log_streams_skipped',
  shards: 'every',
  type: 'gauge',
  help: 'Container logs that should be followed but are not, because the limit of concurrent streams is reached; the VMs that are suspect for longest are kept.',
  labels: [],
  *observe({ exporter }) {
    yield { labels: {}, value: exporter.logStreamsSkipped };
  },
});

export const objects = family({
  name: 'freezewatch_objects',
  shards: 'every',
  type: 'gauge',
  help: 'Objects held, by resource.',
  labels: ['resource'],
  observe: ofEach(
    ({ exporter }) => exporter.objects,
    ([resource]) => ({ resource }),
    ([, value]) => value,
  ),
});
