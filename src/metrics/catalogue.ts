import * as backup from './backup.ts';
import * as exporter from './exporter.ts';
import type { Family } from './family.ts';
import * as longhorn from './longhorn.ts';
import * as schedule from './schedule.ts';
import * as target from './target.ts';
import * as virtHandler from './virt-handler.ts';
import * as vmi from './vmi.ts';

/** Every metric of the product, in the order of the documentation. */
export const catalogue: readonly Family[] = [
  vmi,
  backup,
  schedule,
  longhorn,
  target,
  virtHandler,
  exporter,
].flatMap((subject) => Object.values(subject) as readonly Family[]);
