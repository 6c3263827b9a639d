import { processOf } from '#lib/kernel/model/audit/observer.ts'
import { tokenTitle } from '#lib/kernel/model/people/provisioning-view.ts'
import type { AuditActor } from '#lib/kernel/trail/audit-event.ts'
import type { ActingContext } from './context.ts'

export function actorOf(ctx: ActingContext): AuditActor {
  if ('actor' in ctx) return { kind: 'user', id: ctx.actor.userId, handle: ctx.actor.handle, name: ctx.actor.name }
  if ('provisioner' in ctx) {
    const { tokenId, name, makers } = ctx.provisioner
    return { kind: 'scim', id: tokenId, name: tokenTitle(name, makers) }
  }
  return { kind: 'system', name: processOf(ctx.origin.observer) }
}
