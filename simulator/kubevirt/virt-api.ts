import type { Guest } from './guest.ts';
import { accessFields, freezeUrl, kubevirtLine } from './log-lines.ts';
import { controlPlanePod } from '../objects/virt-pods.ts';
import type { Site } from '../site.ts';
import { stamp } from '../site.ts';
import type { VirtHandler } from './virt-handler.ts';

type FreezeAnswer = 'success' | 'rejected' | 'failed';

/** Requests a virt-api logs besides freeze calls; some of them look like one. */
const BACKGROUND: readonly (readonly [string, string, number])[] = [
  ['GET', '/healthz', 200],
  ['GET', '/apis/subresources.kubevirt.io/v1/healthz', 200],
  ['GET', '/apis/subresources.kubevirt.io/v1', 200],
  ['GET', '/apis/subresources.kubevirt.io/v1alpha3', 200],
  ['GET', '/openapi/v2', 404],
  ['GET', '/openapi/v3', 404],
  ['GET', '/apis', 200],
  ['GET', '/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/freeze/console', 101],
  ['GET', '/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/web/freeze', 404],
  ['PUT', '/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachines/freeze/restart', 202],
  ['PUT', '/apis/subresources.kubevirt.io/v1/namespaces/freeze/virtualmachineinstances/unfreeze/pause', 202],
  ['POST', '/virtualmachineinstances-validate-create?action=guest-fsfreeze-status', 200],
];

/** The virt-api pods of one cluster: every freeze call goes through one of them, and is logged there once. */
export class VirtApi {
  readonly pods: readonly [string, ...string[]];
  readonly #site: Site;
  readonly #handlers: ReadonlyMap<string, VirtHandler>;
  readonly #guests: ReadonlyMap<string, Guest>;

  constructor(
    site: Site,
    handlers: ReadonlyMap<string, VirtHandler>,
    guests: ReadonlyMap<string, Guest>,
    createdAt: Date,
  ) {
    this.#site = site;
    this.#handlers = handlers;
    this.#guests = guests;
    const hash = site.random.suffix(9);
    this.pods = [`virt-api-${hash}-${site.random.suffix(5)}`, `virt-api-${hash}-${site.random.suffix(5)}`];
    this.pods.forEach((name, index) => {
      const node = site.spec.nodes[index % site.spec.nodes.length] ?? site.spec.nodes[0];
      site.store.apply(
        controlPlanePod(site, {
          name,
          app: 'virt-api',
          container: 'virt-api',
          node,
          startedAt: stamp(site, createdAt),
        }),
      );
      site.logs.append(
        { namespace: site.spec.kubevirtNamespace, name },
        'virt-api',
        this.#line('GET', '/healthz', 200),
      );
    });
    if (site.spec.backgroundNoise) site.clock.every(2_000, () => this.#background());
  }

  /** PUT …/freeze or …/unfreeze; `done` gets the answer when the request is over. */
  call(
    action: 'freeze' | 'unfreeze',
    { namespace, name }: { readonly namespace: string; readonly name: string },
    done: (answer: FreezeAnswer) => void,
    unfreezeAfterMs = 1_000,
  ): void {
    const answer = (statusCode: number): void => {
      const result = statusCode < 300 ? 'success' : statusCode < 500 ? 'rejected' : 'failed';
      this.#write(this.#line('PUT', freezeUrl(namespace, name, action), statusCode));
      this.#site.ledger.note(
        { kind: 'freeze_call', namespace, vm: name, action, result },
        this.#site.clock.now(),
      );
      done(result);
    };
    const guest = this.#guests.get(`${namespace}/${name}`);
    if (guest === undefined) {
      answer(404);
      return;
    }
    const handler = this.#handlers.get(guest.vm.node);
    if (handler?.serve() !== true) {
      answer(500);
      return;
    }
    const served = (ok: boolean): void => {
      if (!ok) this.#handlerError(handler, guest, action);
      answer(ok ? 200 : 500);
    };
    if (action === 'freeze') guest.freeze(unfreezeAfterMs, served);
    else guest.unfreeze(served);
  }

  #handlerError(handler: VirtHandler, guest: Guest, action: 'freeze' | 'unfreeze'): void {
    const { name, namespace } = guest.vm;
    const { clock, random, logs, spec } = this.#site;
    const line = kubevirtLine(clock.now(), random, {
      component: 'virt-handler',
      kind: '',
      level: 'error',
      msg: `Failed to ${action} VMI`,
      name,
      namespace,
      pos: action === 'freeze' ? 'lifecycle.go:125' : 'lifecycle.go:142',
      reason: `server error. command ${action === 'freeze' ? 'Freeze' : 'Unfreeze'} failed: "LibvirtError(Code=86, Domain=10)"`,
      uid: guest.vmiUid,
    });
    logs.append({ namespace: spec.kubevirtNamespace, name: handler.pod }, 'virt-handler', line, clock.now());
  }

  #background(): void {
    const [method, url, status] = BACKGROUND[Math.floor(this.#site.random.next() * BACKGROUND.length)] ?? [
      'GET',
      '/healthz',
      200,
    ];
    this.#write(this.#line(method, url, status));
  }

  #line(method: string, url: string, statusCode: number): string {
    return kubevirtLine(this.#site.clock.now(), this.#site.random, accessFields(method, url, statusCode));
  }

  #write(line: string): void {
    const pod = this.#site.random.oneOf(this.pods);
    this.#site.logs.append(
      { namespace: this.#site.spec.kubevirtNamespace, name: pod },
      'virt-api',
      line,
      this.#site.clock.now(),
    );
  }
}
