/**
 * What pages and actions hold while someone is signed in. Must never give them what use cases work with: nobody would
 * have authorized a query from a page. Only the wrappers of lib/kernel/define open it (dev/check/import-table.mjs).
 */
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { Policy } from '#lib/kernel/model/policy/policy.ts'
import type { BrokerContext, Origin, Services } from './context.ts'

/** Who asks, from where, and what everyone may know. A copy with another person in it is not one. */
export class CallerContext {
  readonly actor: Readonly<Actor>
  readonly origin: Readonly<Origin>
  readonly policy: Policy
  readonly clusters: { readonly names: readonly string[]; readonly defaultName: string }
  /** When the request came. */
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

  /** @returns what a use case works with */
  static open(ctx: CallerContext): BrokerContext {
    return { ...ctx.#services, actor: ctx.actor, origin: ctx.origin }
  }
}
