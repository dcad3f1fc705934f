import type { VmSpec } from '../cluster-spec.ts';
import { Guest } from './guest.ts';
import { claimName, virtualMachine, virtualMachineInstance } from '../objects/machines.ts';
import { launcherPod } from '../objects/virt-pods.ts';
import type { DiskIdentity } from '../objects/volumes.ts';
import { diskObjects } from '../objects/volumes.ts';
import { stamp } from '../site.ts';
import type { Site } from '../site.ts';

const GIB = 1024 ** 3;

/** A VM with its identity and disks, running or not. */
export interface Machine {
  readonly vm: VmSpec;
  readonly uid: string;
  readonly disks: readonly DiskIdentity[];
}

/** The VMs of one cluster: their objects, and the guests of those that run. */
export class Machines {
  /** By `namespace/name`; a VM that is off has no guest. */
  readonly guests = new Map<string, Guest>();
  readonly #site: Site;
  readonly #machines = new Map<string, Machine>();

  constructor(site: Site, createdAt: Date) {
    this.#site = site;
    for (const vm of site.spec.vms) this.#add(vm, createdAt);
    if (site.spec.backgroundNoise) site.clock.every(3_000, () => this.#chatter());
  }

  get(namespace: string, name: string): Machine | undefined {
    return this.#machines.get(`${namespace}/${name}`);
  }

  all(): readonly Machine[] {
    return [...this.#machines.values()];
  }

  #add(vm: VmSpec, createdAt: Date): void {
    const { random, store } = this.#site;
    const uid = random.uid();
    const at = stamp(this.#site, createdAt);
    const disks = Array.from({ length: vm.volumes }, (_, disk) => ({
      namespace: vm.namespace,
      claim: claimName(vm.name, disk),
      volume: `pvc-${random.uid()}`,
      sizeBytes: 40 * GIB,
      createdAt: at,
      node: vm.node,
    }));
    for (const disk of disks) for (const object of diskObjects(this.#site, disk)) store.apply(object);
    store.apply(virtualMachine(vm, uid, at));
    this.#machines.set(`${vm.namespace}/${vm.name}`, { vm, uid, disks });
    if (vm.running) this.#start(vm, at);
  }

  #start(vm: VmSpec, startedAt: string): void {
    const { random, store } = this.#site;
    const [vmiUid, podUid] = [random.uid(), random.uid()];
    const pod = `virt-launcher-${vm.name}-${random.suffix(5)}`;
    store.apply(virtualMachineInstance(this.#site, vm, { uid: vmiUid, podUid, startedAt }));
    store.apply(
      launcherPod(this.#site, {
        name: pod,
        uid: podUid,
        namespace: vm.namespace,
        vm: vm.name,
        vmiUid,
        node: vm.node,
        startedAt,
      }),
    );
    const guest = new Guest(this.#site, vm, { vmiUid, pod });
    this.guests.set(`${vm.namespace}/${vm.name}`, guest);
    guest.chatter();
  }

  #chatter(): void {
    const guests = [...this.guests.values()];
    guests[Math.floor(this.#site.random.next() * guests.length)]?.chatter();
  }
}
