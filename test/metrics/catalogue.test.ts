import assert from 'node:assert/strict';
import { catalogue } from '../../src/metrics/catalogue.ts';
import { familiesOfShard } from '../../src/metrics/shard-families.ts';

describe('the catalogue', () => {
  it('has every metric once', () => {
    const names = catalogue.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
  });
});

describe('familiesOfShard', () => {
  const namesOf = (index: number): readonly string[] =>
    familiesOfShard(catalogue, { index, total: 2 })
      .map(({ name }) => name)
      .sort();

  it('gives the first shard everything', () => {
    assert.deepEqual(namesOf(1), catalogue.map(({ name }) => name).sort());
  });

  it('gives the others what they read from launcher logs and what they say of themselves', () => {
    assert.deepEqual(namesOf(2), [
      'freezewatch_build_info',
      'freezewatch_decode_errors_total',
      'freezewatch_log_gaps_total',
      'freezewatch_log_lines_total',
      'freezewatch_log_streams',
      'freezewatch_log_streams_skipped',
      'freezewatch_objects',
      'freezewatch_source_errors_total',
      'freezewatch_source_last_success_timestamp_seconds',
      'freezewatch_source_up',
      'harvester_vmi_safety_unfreezes_total',
      'harvester_vmi_unfreeze_failures_total',
    ]);
  });

  it("gives every shard all that is the exporter's own", () => {
    const own = catalogue.filter(({ name }) => name.startsWith('freezewatch_'));
    assert.deepEqual(
      own.filter(({ shards }) => shards !== 'every').map(({ name }) => name),
      [],
    );
  });
});
