/**
 * What pages and actions hold while a person is signed in. Must never expose the services of use cases: a query from a
 * page would skip authorization. Only the wrappers of lib/kernel/define open it (dev/check/import-table.mjs).
 */
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { Policy } from '#lib/kernel/model/policy/policy.ts'
import type { BrokerContext, Origin, Services } from './context.ts'

/** The caller, their origin, and what everyone may know. A copy with another person isn't a valid context. */
export class CallerContext {
  readonly actor: Readonly<Actor>
  readonly origin: Readonly<Origin>
  readonly policy: Policy
  readonly clusters: { readonly names: readonly string[]; readonly defaultName: string }
  readonly now: Date
  readonly #services: Services

  constructor(services: Services, actor: Actor, origin: Origin) {
    this.actor = actor
    this.origin = origin
    this.policy = services.policy
    this.clusters = { names: services.clusters.names, defaultName: services.clusters.defaultName }
    this.now = services.clock()
    this.#services = services
  }

  static open(ctx: CallerContext): BrokerContext {
    return { ...ctx.#services, actor: ctx.actor, origin: ctx.origin }
  }
}
