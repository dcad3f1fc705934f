import { DecodeError } from '../../errors.ts';
import { type Metadata, objectParts } from './metadata.ts';
import { parseQuantity } from './quantity.ts';

/** A PodMetrics of metrics.k8s.io: the working set of each container, in bytes. */
export interface PodMemory extends Metadata {
  readonly workingSetBytes: ReadonlyMap<string, number>;
}

/** Throws DecodeError. */
export function decodePodMemory(object: unknown): PodMemory {
  const { metadata, fields } = objectParts(object);
  const workingSetBytes = new Map<string, number>();
  for (const container of fields.children('containers')) {
    const text = container.child('usage')?.text('memory');
    if (text === undefined) continue;
    const bytes = parseQuantity(text);
    if (bytes === undefined) throw new DecodeError('object.containers.usage.memory', 'a quantity');
    workingSetBytes.set(container.name('name'), bytes);
  }
  return { ...metadata, workingSetBytes };
}
