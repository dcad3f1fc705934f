import { DecodeError } from '../../errors.ts';
import type { Fields } from './fields.ts';
import { type Metadata, objectParts, orEmpty } from './metadata.ts';
import { parseQuantity } from './quantity.ts';

export interface Container {
  readonly name: string;
  readonly image: string;
  /** undefined: the container has no memory limit. */
  readonly memoryLimitBytes: number | undefined;
  readonly restarts: number;
  /** Start of the incarnation that runs now; undefined while none runs. */
  readonly startedMs: number | undefined;
  /** End of the last incarnation if the kernel's OOM killer ended it; undefined otherwise. */
  readonly oomKilledMs: number | undefined;
}

export interface Pod extends Metadata {
  readonly node: string;
  readonly phase: string;
  readonly containers: readonly Container[];
  /**
   * The VMI a virt-launcher pod runs, from `kubevirt.io/domain` or the controlling owner; undefined for other pods.
   * Never the label `vm.kubevirt.io/name`: that is a cut-off host name (KubeVirt pkg/virt-controller/services/template.go).
   */
  readonly vm: string | undefined;
}

/** Throws DecodeError. */
export function decodePod(object: unknown): Pod {
  const { fields, metadata, annotations, spec, status } = objectParts(object);
  const statuses = new Map(
    status.children('containerStatuses').map((container) => [container.text('name'), container] as const),
  );
  return {
    ...metadata,
    node: spec.text('nodeName') ?? '',
    phase: status.text('phase') ?? '',
    containers: spec.children('containers').map((container) => {
      const name = container.name('name');
      return decodeContainer(name, container, orEmpty(statuses.get(name)));
    }),
    vm: annotations.text('kubevirt.io/domain') ?? owningVmi(fields),
  };
}

function decodeContainer(name: string, spec: Fields, status: Fields): Container {
  const limit = spec.child('resources')?.child('limits')?.text('memory');
  const memoryLimitBytes = limit === undefined ? undefined : parseQuantity(limit);
  if (limit !== undefined && memoryLimitBytes === undefined) {
    throw new DecodeError(`object.spec.containers[${name}].resources.limits.memory`, 'a quantity');
  }
  const ends = [status.child('state')?.child('terminated'), status.child('lastState')?.child('terminated')];
  const last = ends.find((end) => end !== undefined);
  return {
    name,
    image: spec.text('image') ?? '',
    memoryLimitBytes,
    restarts: status.count('restartCount') ?? 0,
    startedMs: status.child('state')?.child('running')?.timeMs('startedAt'),
    oomKilledMs: last?.text('reason') === 'OOMKilled' ? last.timeMs('finishedAt') : undefined,
  };
}

function owningVmi(fields: Fields): string | undefined {
  const owners = fields.child('metadata')?.children('ownerReferences') ?? [];
  const owner = owners.find(
    (o) => o.text('kind') === 'VirtualMachineInstance' && o.flag('controller') === true,
  );
  return owner?.text('name');
}
