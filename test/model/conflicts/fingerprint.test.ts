import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FINGERPRINT_SLOTS, fingerprint } from '../../../src/model/conflicts/fingerprint.ts';
import { aBackupVolume } from '../../builders.ts';

const of = (names: readonly string[]): readonly string[] =>
  fingerprint(names.map((volume) => aBackupVolume({ name: `${volume}-x`, volume })));

describe('the fingerprint of a store', () => {
  it('is the smallest hashes of the names of its volumes, in order', () => {
    const names = Array.from({ length: 50 }, (_, index) => `pvc-${index}`);
    const slots = of(names);
    assert.equal(slots.length, FINGERPRINT_SLOTS);
    assert.deepEqual(slots, slots.toSorted());
    for (const slot of slots) assert.match(slot, /^[0-9a-f]{16}$/);
    for (const other of names.flatMap((name) => of([name]))) {
      assert.ok(slots.includes(other) || other > (slots.at(-1) ?? ''));
    }
  });

  it('has fewer slots for fewer volumes, none for none', () => {
    assert.equal(of(['pvc-1', 'pvc-2']).length, 2);
    assert.deepEqual(of([]), []);
  });

  it('depends on the set of volumes alone', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 30 }), (names) => {
        assert.deepEqual(of([...names, ...names].reverse()), of(names));
      }),
    );
  });

  it('keeps all slots but one when a volume comes', () => {
    const name = fc.string();
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 8, maxLength: 30 }), name, (names, added) => {
        const after = new Set(of([...names, added]));
        assert.ok(of(names).filter((slot) => after.has(slot)).length >= FINGERPRINT_SLOTS - 1);
      }),
    );
  });
});
