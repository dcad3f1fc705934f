import { type Metadata, objectParts } from './metadata.ts';

/** The KubeVirt installation: the version that runs, with its vendor's suffix; undefined before it is known. */
export interface KubeVirt extends Metadata {
  readonly version: string | undefined;
}

/** Throws DecodeError. */
export function decodeKubeVirt(object: unknown): KubeVirt {
  const { metadata, status } = objectParts(object);
  const version =
    status.text('observedKubeVirtVersion') ??
    status.text('targetKubeVirtVersion') ??
    status.text('operatorVersion');
  return { ...metadata, version: version === '' ? undefined : version };
}
