import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { humanDuration } from '../../../simulator/human-duration.ts';
import { valuesAt } from '../../../simulator/json-path.ts';

describe('humanDuration', () => {
  const MINUTE = 60;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  const cases: readonly (readonly [seconds: number, text: string])[] = [
    [-2, '<invalid>'],
    [-1, '0s'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [4 * MINUTE + 3, '4m3s'],
    [10 * MINUTE + 3, '10m'],
    [3 * HOUR, '3h'],
    [3 * HOUR + 12 * MINUTE, '3h12m'],
    [8 * HOUR + 12 * MINUTE, '8h'],
    [47 * HOUR, '47h'],
    [2 * DAY + 4 * HOUR, '2d4h'],
    [8 * DAY + 4 * HOUR, '8d'],
    [729 * DAY, '729d'],
    [750 * DAY, '2y20d'],
    [8 * 365 * DAY, '8y'],
  ];
  for (const [seconds, text] of cases) {
    it(`prints ${seconds} seconds as ${text}`, () => {
      assert.equal(humanDuration(seconds * 1_000), text);
    });
  }
});

describe('valuesAt', () => {
  const object = {
    metadata: { annotations: { 'a.b/c': 'x' } },
    list: [{ name: 'a' }, { name: 'b' }],
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Paused', status: 'False' },
    ],
  };
  const cases: readonly (readonly [path: string, values: readonly unknown[]])[] = [
    ['.list[1].name', ['b']],
    ['.list[*].name', ['a', 'b']],
    [".conditions[?(@.type=='Ready')].status", ['True']],
    [".conditions[?(@.type=='Nope')].status", []],
    [".metadata.annotations['a.b/c']", ['x']],
    ['.metadata.nope.deeper', []],
    ['.list.name', []],
    ['.metadata.constructor', []],
  ];
  for (const [path, values] of cases) {
    it(`finds at ${path}: ${JSON.stringify(values)}`, () => {
      assert.deepEqual(valuesAt(object, path), values);
    });
  }
});
