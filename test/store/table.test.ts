import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Change, Identity } from '../../src/model/change.ts';
import { Table } from '../../src/store/table.ts';

interface Thing extends Identity {
  readonly value: number;
}

const thing = (name: string, value = 0): Thing => ({ namespace: 'ns', name, uid: name, value });
const set = (name: string, value?: number): Change<Thing> => ({ type: 'set', object: thing(name, value) });

describe('Table', () => {
  it('drops at the end of a list what the list did not name', () => {
    const table = new Table<Thing>();
    const list = (...names: string[]) => [
      { type: 'sync' } as const,
      ...names.map((name) => set(name)),
      { type: 'synced' } as const,
    ];
    for (const change of list('a', 'b', 'c')) table.apply(change);
    for (const change of list('b')) table.apply(change);
    assert.deepEqual([...table], [thing('b')]);
  });

  it('keeps the old objects while a new list is under way', () => {
    const table = new Table<Thing>();
    for (const change of [
      { type: 'sync' },
      set('a'),
      { type: 'synced' },
      { type: 'sync' },
      set('b'),
    ] as const)
      table.apply(change);
    assert.deepEqual(
      [...table].map(({ name }) => name),
      ['a', 'b'],
    );
  });

  it('is synced only after a complete list', () => {
    const table = new Table<Thing>();
    table.apply({ type: 'sync' });
    table.apply(set('a'));
    assert.equal(table.synced, false);
    table.apply({ type: 'synced' });
    assert.equal(table.synced, true);
  });

  it('calls its listener for every object that comes, changes or goes', () => {
    const seen: string[] = [];
    const table = new Table<Thing>((previous, next) =>
      seen.push(`${previous?.value ?? '-'}>${next?.value ?? '-'}`),
    );
    const changes: Change<Thing>[] = [
      set('a', 1),
      set('a', 2),
      { type: 'delete', key: 'ns/a' },
      { type: 'delete', key: 'ns/a' },
    ];
    changes.forEach(table.apply);
    assert.deepEqual(seen, ['->1', '1>2', '2>-']);
  });

  it('holds, after any history that ends in a list, exactly that list', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const change = fc.oneof(
      name.map((each) => set(each)),
      name.map((each): Change<Thing> => ({ type: 'delete', key: `ns/${each}` })),
      fc.constant<Change<Thing>>({ type: 'sync' }),
    );
    fc.assert(
      fc.property(fc.array(change), fc.uniqueArray(name), (history, last) => {
        const table = new Table<Thing>();
        for (const each of [
          ...history,
          { type: 'sync' } as const,
          ...last.map((n) => set(n)),
          { type: 'synced' } as const,
        ])
          table.apply(each);
        assert.deepEqual([...table].map(({ name: n }) => n).sort(), last.toSorted());
      }),
    );
  });
});
