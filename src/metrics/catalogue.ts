import * as backup from './backup.ts';
import * as exporter from './exporter.ts';
import type { Family } from './family.ts';
import * as longhorn from './longhorn.ts';
import * as schedule from './schedule.ts';
import * as target from './target.ts';
import * as virtHandler from './virt-handler.ts';
import * as vmi from './vmi.ts';

/** The files of metrics, in the order of the documentation. What they export is a family: anything else does not compile. */
const SUBJECTS: readonly Readonly<Record<string, Family>>[] = [
  vmi,
  backup,
  schedule,
  longhorn,
  target,
  virtHandler,
  exporter,
];

/** Every metric of the product, in the order of the documentation. */
export const catalogue: readonly Family[] = SUBJECTS.flatMap((subject) => Object.values(subject));
