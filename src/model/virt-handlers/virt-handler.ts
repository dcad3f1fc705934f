import { kubevirtVersion, type Leak, leakOf } from './kubevirt-version.ts';
import type { Container, Pod } from '../objects/pod.ts';
import { type ClusterView, perView } from '../view.ts';

/** The container, and so the process, that freezes are leaked in. */
const VIRT_HANDLER_CONTAINER = 'virt-handler';

/** One node's virt-handler. */
export interface VirtHandler {
  readonly pod: Pod;
  readonly container: Container;
  /** From the image, else from the KubeVirt resource; undefined without both. */
  readonly version: string | undefined;
  readonly leak: Leak;
  /** undefined where metrics.k8s.io is not served. */
  readonly workingSetBytes: number | undefined;
}

/** Every virt-handler pod that has its container. */
export const virtHandlers: (view: ClusterView) => readonly VirtHandler[] = perView((view) =>
  Array.from(view.virtHandlers).flatMap((pod) => {
    const container = pod.containers.find(({ name }) => name === VIRT_HANDLER_CONTAINER);
    if (container === undefined) return [];
    const version = kubevirtVersion(container.image) ?? installedVersion(view);
    const memory = view.virtHandlerMemory.get(pod.namespace, pod.name);
    const workingSetBytes = memory?.workingSetBytes.get(VIRT_HANDLER_CONTAINER);
    return [{ pod, container, version, leak: leakOf(version), workingSetBytes }];
  }),
);

/** The version the KubeVirt resource observed: for images pinned by digest. */
const installedVersion: (view: ClusterView) => string | undefined = perView(({ kubevirts }) => {
  for (const { version } of kubevirts) if (version !== undefined) return kubevirtVersion(version);
  return undefined;
});
