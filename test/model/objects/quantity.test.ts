import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseQuantity } from '../../../src/model/objects/quantity.ts';

describe('parseQuantity', () => {
  const cases: readonly [string, number | undefined][] = [
    ['1600Mi', 1_677_721_600],
    ['2Gi', 2_147_483_648],
    ['1.5Gi', 1_610_612_736],
    ['1G', 1e9],
    ['1e9', 1e9],
    ['1E', 1e18],
    ['700m', 0.7],
    ['123', 123],
    ['345678Ki', 353_974_272],
    ['0', 0],
    ['Mi', undefined],
    ['1600MB', undefined],
    ['-', undefined],
    ['', undefined],
    ['1constructor', undefined],
  ];
  for (const [text, expected] of cases) {
    it(`${text === '' ? 'nothing' : text} is ${String(expected)}`, () => {
      assert.equal(parseQuantity(text), expected);
    });
  }

  it('never throws and is never NaN', () => {
    fc.assert(fc.property(fc.string(), (text) => !Number.isNaN(parseQuantity(text) ?? 0)));
  });
});
