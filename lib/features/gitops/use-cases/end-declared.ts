/**
 * The object is being deleted. Must never delete a space because its object is merely not there: only an object that says
 * `Delete` and is deleted by itself does, in the name of the space’s owner, a few at a time.
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

/** How many spaces of one namespace an hour: a tool that prunes everything leaves time to stop it. */
const deletionsPerHour = 5

/**
 * @param actor null: nobody may act for the object any more
 * @param deletes whether the object says that the space goes with it
 * @returns what the object waits for; null: it may go
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
    await releaseDeclared(ctx, space, { declaredBy, uid: row.uid }, kept ?? 'nobody may act for the object')
    return null
  }
  const { cluster, namespace } = declaredBy
  const since = new Date(ctx.clock().getTime() - hourMs)
  if ((await countDeclaredDeletions(ctx.pool, { cluster, namespace, since })) >= deletionsPerHour)
    return {
      reason: deletionWaits,
      message: `At most ${deletionsPerHour} spaces of a namespace are deleted in an hour. Set deletionPolicy to Retain to keep this one, or delete it in the portal.`,
    }
  try {
    await deleteSpace(actor.as(), { space: { ...key, id: row.id }, confirmation: key.name })
    return deleting
  } catch (error) {
    return problemOf(error)
  }
}

/** @returns why the space stays, for the trail; null: it goes */
async function reasonToKeep(
  ctx: SystemContext,
  { declaredBy, deletes, row: { uid, ownerId } }: { declaredBy: DeclaredBy; deletes: boolean; row: DeclaredRow },
  actor: GitActor | null,
): Promise<string | null> {
  if (!deletes) return 'the object is being deleted, and keeps the space'
  if (uid !== null && uid !== declaredBy.uid) return 'the object is being deleted, and isn’t the one that was followed'
  if (actor === null) return 'the object is being deleted, and nobody may act for it'
  if (actor.ctx.actor.userId !== ownerId) return 'the object is being deleted, and the space is somebody else’s'
  return findWholesaleDeletion(ctx.clusters.get(declaredBy.cluster), declaredBy.namespace)
}

/**
 * Lets a space go whose object is being deleted: it stays as it is, and is managed in the portal from now on.
 * @param uid of the object that was followed; when another is by now, nothing changes
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
