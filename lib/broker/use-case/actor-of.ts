import type { AuditActor } from '#lib/audit/audit-event.ts'
import { processOf } from '#lib/domain/observer.ts'
import type { BrokerContext, SystemContext } from './context.ts'

/** @returns who acts, for the trail: the person who asks, or Spaceport itself */
export const actorOf = (ctx: BrokerContext | SystemContext): AuditActor =>
  'actor' in ctx
    ? { kind: 'user', id: ctx.actor.userId, handle: ctx.actor.handle, name: ctx.actor.name }
    : { kind: 'system', name: processOf(ctx.origin.observer) }
