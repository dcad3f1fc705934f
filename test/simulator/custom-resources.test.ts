import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { VirtualClock } from '../../simulator/clock.ts';
import { kindKey } from '../../simulator/kube-object.ts';
import type { KubeObject } from '../../simulator/kube-object.ts';
import { playScenario } from '../../simulator/scenario.ts';
import { SCENARIOS } from '../../simulator/scenarios.ts';
import { createWorld } from '../../simulator/world.ts';
import { MINUTE_MS, START } from './world-of.ts';

const FOLDER = process.env.FREEZEWATCH_SCHEMAS;
const PLAYED_MINUTES = 4.2 * 60;

/** The files of each kind; the first folder is that of the older release. */
const CUSTOM_RESOURCES: Readonly<
  Record<string, { readonly file: string; readonly folders: readonly [string, string] }>
> = {
  'virtualmachinebackups.harvesterhci.io': {
    file: 'virtualmachinebackups',
    folders: ['harvester-v1.4.1', 'harvester-v1.8.2'],
  },
  'virtualmachinerestores.harvesterhci.io': {
    file: 'virtualmachinerestores',
    folders: ['harvester-v1.4.1', 'harvester-v1.8.2'],
  },
  'schedulevmbackups.harvesterhci.io': {
    file: 'schedulevmbackups',
    folders: ['harvester-v1.4.1', 'harvester-v1.8.2'],
  },
  'settings.harvesterhci.io': { file: 'settings', folders: ['harvester-v1.4.1', 'harvester-v1.8.2'] },
  'backups.longhorn.io': { file: 'backups', folders: ['longhorn-v1.7.2', 'longhorn-v1.11.2'] },
  'backupvolumes.longhorn.io': { file: 'backupvolumes', folders: ['longhorn-v1.7.2', 'longhorn-v1.11.2'] },
  'backuptargets.longhorn.io': { file: 'backuptargets', folders: ['longhorn-v1.7.2', 'longhorn-v1.11.2'] },
  'volumes.longhorn.io': { file: 'volumes', folders: ['longhorn-v1.7.2', 'longhorn-v1.11.2'] },
  'settings.longhorn.io': { file: 'settings', folders: ['longhorn-v1.7.2', 'longhorn-v1.11.2'] },
};

/** Kinds KubeVirt publishes as samples with every field filled. */
const SAMPLES: Readonly<Record<string, string>> = {
  'virtualmachines.kubevirt.io': 'VirtualMachine',
  'virtualmachineinstances.kubevirt.io': 'VirtualMachineInstance',
  'kubevirts.kubevirt.io': 'KubeVirt',
};

interface Seen {
  readonly object: KubeObject;
  readonly newer: boolean;
}

describe('the objects of simulated clusters', function () {
  this.timeout(60_000);
  let seen: ReadonlyMap<string, readonly Seen[]> = new Map();

  before(function () {
    if (FOLDER === undefined) {
      process.stderr.write(
        'SKIPPED: custom resources are not validated: FREEZEWATCH_SCHEMAS names no folder of CRDs\n',
      );
      this.skip();
    }
    seen = everythingSeen();
  });

  for (const [key, { file, folders }] of Object.entries(CUSTOM_RESOURCES)) {
    it(`of ${key} satisfy the CRD of their release, and have no field it does not know`, () => {
      const validators = folders.map((folder) => validator(join(FOLDER ?? '', folder, `${file}.yaml`)));
      const objects = seen.get(key) ?? [];
      assert.ok(objects.length > 0, 'none was seen');
      for (const { object, newer } of objects) {
        const validate = validators[newer ? 1 : 0];
        assert.ok(
          validate?.(plain(object)),
          `${object.metadata.name}: ${JSON.stringify(validate?.errors?.slice(0, 3))}`,
        );
      }
    });
  }

  for (const [key, sample] of Object.entries(SAMPLES)) {
    it(`of ${key} have no field KubeVirt does not know`, () => {
      const known: unknown = JSON.parse(
        readFileSync(join(FOLDER ?? '', 'kubevirt-v1.3.1', `${sample}.json`), 'utf8'),
      );
      const objects = seen.get(key) ?? [];
      assert.ok(objects.length > 0, 'none was seen');
      for (const { object } of objects)
        assert.deepEqual(unknownFields(plain(object), known, object.kind), []);
    });
  }
});

/** One object of each kind and shape that the scenarios ever store, and the last of each name. */
function everythingSeen(): Map<string, Seen[]> {
  const seen = new Map<string, Map<string, Seen>>();
  for (const scenario of SCENARIOS) {
    const clock = new VirtualClock(START);
    const world = createWorld({ clusters: scenario.clusters, clock });
    for (const { site } of world.clusters) {
      const newer = site.release.namedTargets;
      const note = (key: string, object: KubeObject): void => {
        const shapes = seen.get(key) ?? new Map<string, Seen>();
        shapes.set(`${String(newer)} ${shapeOf(object)}`, { object, newer });
        seen.set(key, shapes);
      };
      for (const kind of site.store.kinds)
        for (const object of site.store.list(kindKey(kind))) note(kindKey(kind), object);
      site.store.subscribe(({ kind, object }) => note(kindKey(kind), object));
    }
    playScenario(scenario, world);
    clock.advance(PLAYED_MINUTES * MINUTE_MS);
  }
  return new Map(Array.from(seen, ([key, shapes]) => [key, [...shapes.values()]]));
}

/** The names of all fields, which tells most shapes apart at little cost. */
const shapeOf = (object: KubeObject): string => {
  const status = (object.status ?? {}) as Readonly<Record<string, unknown>>;
  return [
    ...Object.keys(object),
    ...Object.keys(status),
    JSON.stringify(status.conditions ?? '').length,
  ].join(' ');
};

const plain = (object: KubeObject): unknown => JSON.parse(JSON.stringify(object));

type Schema = Record<string, unknown> & { properties?: Record<string, Schema>; items?: Schema };

function validator(file: string): ValidateFunction {
  const crd = parse(readFileSync(file, 'utf8')) as {
    spec: { versions: { storage: boolean; schema: { openAPIV3Schema: Schema } }[] };
  };
  const schema = crd.spec.versions.find(({ storage }) => storage)?.schema.openAPIV3Schema;
  assert.ok(schema, `${file} has a schema`);
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(closed(schema, true));
}

/** A structural schema prunes what it does not name; here that is an error. */
function closed(schema: Schema, root = false): Schema {
  const { properties, items } = schema;
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in schema;
  return {
    ...schema,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, part]) => [
              name,
              root && name === 'metadata' ? part : closed(part),
            ]),
          ),
        }),
    ...(properties === undefined || open ? {} : { additionalProperties: false }),
    ...(items === undefined ? {} : { items: closed(items) }),
  };
}

/** The paths of fields a full sample does not have; maps with free keys hold one sample key. */
function unknownFields(object: unknown, sample: unknown, path: string): readonly string[] {
  if (Array.isArray(object)) {
    return object.flatMap((item) =>
      unknownFields(item, Array.isArray(sample) ? sample[0] : sample, `${path}[]`),
    );
  }
  if (typeof object !== 'object' || object === null) return [];
  const known = (sample ?? {}) as Readonly<Record<string, unknown>>;
  const free = Object.keys(known).some((key) => /^[a-zA-Z]+Key$/.test(key));
  return Object.entries(object).flatMap(([key, value]) => {
    if (free) return [];
    return key in known ? unknownFields(value, known[key], `${path}.${key}`) : [`${path}.${key}`];
  });
}
