/**
 * Handles the deletion of an object. Must never delete a space because its object is missing: only the deletion of an
 * object with deletionPolicy `Delete` does, as the space's owner, a few at a time.
 */
import { countDeclaredDeletions, type DeclaredRow, releaseSpaceRow } from '#lib/features/gitops/db/declared-spaces.ts'
import { deletionWaits, type Problem } from '#lib/features/gitops/model/space-object-status.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { findSpaceById, type SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { holdSpaceRow } from '#lib/kernel/db/spaces/space-row.ts'
import { hourMs } from '#lib/kernel/model/duration.ts'
import { objectName } from '#lib/kernel/model/spaces/space-object.ts'
import { aboutSpace, type SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { DeclaredBy, SystemContext } from '#lib/kernel/use-case/context.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'
import { findWholesaleDeletion } from '#lib/kube/objects/space-objects.ts'
import { problemOf } from './follow-settings.ts'
import type { GitActor } from './git-actor.ts'

/** Per namespace. If a tool prunes everything, this leaves time to stop it. */
const deletionsPerHour = 5

/**
 * @param actor null: no one can act for the object any more
 * @param deletes whether the object's policy deletes the space
 * @returns what the object waits for; null: its finalizer may be removed
 */
export async function endDeclared(
  ctx: SystemContext,
  {
    row,
    key,
    declaredBy,
    deletes,
    signal,
  }: { row: DeclaredRow | null; key: SpaceKey; declaredBy: DeclaredBy; deletes: boolean; signal: AbortSignal },
  actor: GitActor | null,
): Promise<Problem | null> {
  if (row === null || row.namespace !== declaredBy.namespace || row.status === 'deleted') return null
  const deleting = { reason: 'Deleting', message: 'The space is being deleted.' }
  if (row.status === 'deleting') return deleting
  const space = await findSpaceById(ctx.pool, row.id, row.ownerId, ctx.clock())
  if (!space) return null
  const kept = await reasonToKeep(ctx, { declaredBy, deletes, row }, actor)
  signal.throwIfAborted()
  if (kept !== null || actor === null) {
    await releaseDeclared(ctx, space, { declaredBy, uid: row.uid }, kept ?? 'no one can act for the object')
    return null
  }
  const { cluster, namespace } = declaredBy
  const since = new Date(ctx.clock().getTime() - hourMs)
  if ((await countDeclaredDeletions(ctx.pool, { cluster, namespace, since })) >= deletionsPerHour)
    return {
      reason: deletionWaits,
      message: `Only ${deletionsPerHour} spaces of a namespace are deleted per hour. To keep this one, set deletionPolicy to Retain. To delete it now, use the portal.`,
    }
  try {
    await deleteSpace(actor.as(), { space: { ...key, id: row.id }, confirmation: key.name })
    return deleting
  } catch (error) {
    return problemOf(error)
  }
}

/** @returns why the space stays, for the trail; null: it is deleted */
async function reasonToKeep(
  ctx: SystemContext,
  { declaredBy, deletes, row: { uid, ownerId } }: { declaredBy: DeclaredBy; deletes: boolean; row: DeclaredRow },
  actor: GitActor | null,
): Promise<string | null> {
  if (!deletes) return 'the object is being deleted and keeps the space'
  if (uid !== null && uid !== declaredBy.uid) return 'the object is being deleted but isn’t the one that was followed'
  if (actor === null) return 'the object is being deleted and no one can act for it'
  if (actor.ctx.actor.userId !== ownerId) return 'the object is being deleted but the space has another owner'
  return findWholesaleDeletion(ctx.clusters.get(declaredBy.cluster), declaredBy.namespace)
}

/**
 * Returns the space of a deleted object to the portal, unchanged.
 * @param uid of the followed object; if another is followed now, nothing changes
 */
async function releaseDeclared(
  ctx: SystemContext,
  space: SpaceRecord,
  { declaredBy, uid }: { declaredBy: DeclaredBy; uid: string | null },
  why: string,
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    await holdSpaceRow(tx, space.id)
    if (!(await releaseSpaceRow(tx, space.id, { namespace: declaredBy.namespace, uid }))) return
    const detail = { object: objectName(declaredBy), uid: declaredBy.uid, why }
    await writeSystemEvent(ctx, tx, { ...aboutSpace(space), action: 'space.release', detail })
  })
}
