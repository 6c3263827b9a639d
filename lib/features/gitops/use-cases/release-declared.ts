import { releaseSpaceRow } from '#lib/features/gitops/db/declared-spaces.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { holdSpaceRow } from '#lib/kernel/db/spaces/space-row.ts'
import { objectName } from '#lib/kernel/model/spaces/space-object.ts'
import { aboutSpace } from '#lib/kernel/use-case/authorize.ts'
import type { DeclaredBy, SystemContext } from '#lib/kernel/use-case/context.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'

/**
 * Lets a space go whose object is being deleted: it stays as it is, and is managed in the portal from now on.
 * @param uid of the object that was followed; when another is by now, nothing changes
 */
export async function releaseDeclared(
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
