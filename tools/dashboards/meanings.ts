import { CLUSTER } from './query.ts';
import { FINE, SEVERITY_COLOUR } from './severity-colour.ts';
import { words } from './value-mapping.ts';

/** What `harvester_backup_target_conflict_level` means. */
export const CONFLICT_LEVEL = words({
  '0': { text: '0 nobody else', colour: FINE },
  '1': { text: '1 foreign backups', colour: SEVERITY_COLOUR.info },
  '2': { text: '2 shared', colour: SEVERITY_COLOUR.warning },
  '3': { text: '3 conflict', colour: SEVERITY_COLOUR.critical },
});

/** 1 is well, 0 is not. */
export const UP = words({
  '0': { text: 'down', colour: SEVERITY_COLOUR.warning },
  '1': { text: 'up', colour: FINE },
});

/** A timestamp of 0: it never was. */
export const NEVER = words({ '0': { text: 'never', colour: SEVERITY_COLOUR.info } });

export const EXPORTER_AWAY = 'no data: freezewatch is not scraped, see the alert FreezewatchDown';

/** A count that is 0, and not absent, while the exporter is there: it shows that the exporter looked and found nothing. */
export const countOrZero = (expr: string): string =>
  `(${expr}) or 0 * count(freezewatch_build_info{${CLUSTER}})`;
