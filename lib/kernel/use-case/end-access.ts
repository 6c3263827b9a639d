import type { Tx } from '#lib/kernel/db/client.ts'
import { markDeactivated } from '#lib/kernel/db/people/mark-person.ts'
import { endSessions } from '#lib/kernel/db/people/sessions.ts'
import { enqueueReconcileForPerson } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'
import type { BrokerContext, ProvisioningContext, SystemContext } from './context.ts'
import { notifyTokensStopped } from './notify-tokens-stopped.ts'
import { revokeAll } from './revoke-all.ts'

/** What ended, and the spaces to reconcile without the person: their rows are locked from now on. */
type AccessEnded = { credentials: number; spaces: string[] }
/** `tokens`: the names of the provisioning tokens that stop with the person. */
type DeactivationResult = AccessEnded & { wasActive: boolean; sessions: number; tokens: string[] }

/**
 * Deactivates a person, with their row locked: ends their sessions, revokes their credentials, and queues the spaces
 * where they have a standing.
 */
export async function deactivateAndEndAccess(
  ctx: BrokerContext | ProvisioningContext,
  tx: Tx,
  person: { id: string; handle: string; name: string },
  reason: string,
): Promise<DeactivationResult> {
  const at = ctx.clock()
  const wasActive = await markDeactivated(tx, person.id, { at, ...byOf(ctx), reason })
  const sessions = await endSessions(tx, person.id, { except: null }, { at, idleSince: sessionIdleSince(at) })
  const tokens = wasActive ? await notifyTokensStopped(ctx, tx, person) : []
  return { wasActive, sessions, tokens, ...(await endAccess(ctx, tx, person, reason)) }
}

/** Revokes the credentials of a person who was just deactivated, and queues the spaces where they have a standing. */
export async function endAccess(
  ctx: BrokerContext | SystemContext,
  tx: Tx,
  { id, handle }: { id: string; handle: string },
  reason: string,
): Promise<AccessEnded> {
  // Before credentials: a deletion locks its space first too.
  const spaces = await enqueueReconcileForPerson(tx, id, ctx.clock())
  const credentials = await revokeAll(
    ctx,
    tx,
    { query: { person: handle } },
    { limit: Number.MAX_SAFE_INTEGER, detail: { person: handle, reason } },
  )
  return { credentials, spaces }
}

const byOf = (ctx: BrokerContext | ProvisioningContext) =>
  'actor' in ctx ? { byId: ctx.actor.userId, byTokenId: null } : { byId: null, byTokenId: ctx.provisioner.tokenId }
