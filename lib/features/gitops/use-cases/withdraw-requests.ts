import type { DeclaredRow } from '#lib/features/gitops/db/declared-spaces.ts'
import { findLastRequest, type RequestSubject } from '#lib/features/gitops/db/find-last-request.ts'
import { withdrawRequest } from '#lib/features/requests/use-cases/withdraw-request.ts'
import type { DeclaredBy } from '#lib/kernel/use-case/context.ts'
import { problemOf } from './follow-settings.ts'
import type { GitActor } from './git-actor.ts'

/**
 * Withdraws the open requests of an object in deletion: a later approval would change or create a space that no object
 * declares.
 */
export async function withdrawRequests(
  { ctx, as }: GitActor,
  { cluster, namespace, name }: DeclaredBy,
  row: DeclaredRow | null,
): Promise<void> {
  const declares = row !== null && row.namespace === namespace && row.ownerId === ctx.actor.userId
  const subjects: RequestSubject[] = [{ cluster, name }]
  if (declares) subjects.push({ kind: 'size', spaceId: row.id }, { kind: 'life', spaceId: row.id })
  for (const about of subjects) {
    const last = await findLastRequest(ctx.pool, ctx.actor.userId, about, ctx.clock())
    if (last?.state !== 'open') continue
    if (last.payload.kind === 'space' && last.payload.declaredIn !== namespace) continue
    // A request that has been decided in the meantime refuses; ignore that.
    await withdrawRequest(as(), { id: last.id }).catch(problemOf)
  }
}
