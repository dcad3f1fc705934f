import { DecodeError } from '../../errors.ts';
import type { Identity } from '../change.ts';
import { Fields } from './fields.ts';
import { type Metadata, objectParts } from './metadata.ts';
import { type SettingSpelling, type TargetPlace, placeOfSetting } from './target-place.ts';
import { targetSpelling } from './target-spelling.ts';

/**
 * Harvester's Setting `backup-target`. Its value is JSON that may hold `accessKeyId` and `secretAccessKey`. Both
 * are skipped, and errors never quote the value.
 */
export interface TargetSetting extends Identity {
  /** undefined while no target is set, and when the endpoint names no host. */
  readonly place: TargetPlace | undefined;
  /** See targetSpelling; undefined while no target is set. */
  readonly spelling: string | undefined;
  /** How the place is spelled beside its endpoint, to compare it with what VMBackups note. */
  readonly virtualHostedStyle: boolean;
  readonly bucketRegion: string;
  /** How often Harvester imports backups from the target; 0: only when the Setting changes (Harvester >= 1.4.2). */
  readonly refreshIntervalMs: number;
  readonly lastRefreshMs: number | undefined;
}

/** Throws DecodeError. */
export function decodeTargetSetting(object: unknown): TargetSetting {
  const { metadata, fields, annotations } = objectParts(object);
  const value = jsonFields(effectiveValue(fields));
  const spelling = value === undefined ? undefined : settingSpelling(value);
  return {
    ...identityOf(metadata),
    place: spelling === undefined ? undefined : placeOfSetting(spelling),
    spelling: spelling === undefined ? undefined : targetSpelling(value),
    virtualHostedStyle: spelling?.virtualHostedStyle ?? false,
    bucketRegion: spelling?.bucketRegion ?? '',
    refreshIntervalMs: (value?.count('refreshIntervalInSeconds') ?? 0) * 1_000,
    lastRefreshMs: annotations.timeMs('harvesterhci.io/lastRefreshTime'),
  };
}

/** Harvester's Setting `server-version`: `v1.4.1`; undefined while it is empty. */
export interface ServerVersionSetting extends Identity {
  readonly version: string | undefined;
}

/** Throws DecodeError. */
export function decodeServerVersionSetting(object: unknown): ServerVersionSetting {
  const { metadata, fields } = objectParts(object);
  const version = effectiveValue(fields);
  return { ...identityOf(metadata), version: version === '' ? undefined : version };
}

const identityOf = ({ namespace, name, uid }: Metadata): Identity => ({ namespace, name, uid });

/** An empty value means the default (Harvester pkg/settings/settings.go Get). */
function effectiveValue(fields: Fields): string {
  const value = fields.text('value') ?? '';
  return value === '' ? (fields.text('default') ?? '') : value;
}

/** undefined for an empty text. */
function jsonFields(text: string): Fields | undefined {
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Without cause: the message of a SyntaxError quotes the text.
    throw new DecodeError('object.value', 'a JSON object');
  }
  return new Fields(value, 'object.value');
}

function settingSpelling(value: Fields): SettingSpelling | undefined {
  const type = value.text('type') ?? '';
  if (type === '') return undefined;
  if (type !== 's3' && type !== 'nfs') throw new DecodeError('object.value.type', 's3, nfs or nothing');
  return {
    type,
    endpoint: value.text('endpoint') ?? '',
    bucketName: value.text('bucketName') ?? '',
    bucketRegion: value.text('bucketRegion') ?? '',
    virtualHostedStyle: value.flag('virtualHostedStyle') ?? false,
  };
}
