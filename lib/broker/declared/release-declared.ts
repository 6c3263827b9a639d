import { aboutSpace } from '#lib/broker/use-case/authorize.ts'
import type { DeclaredBy, SystemContext } from '#lib/broker/use-case/context.ts'
import { writeSystemEvent } from '#lib/broker/use-case/write-system-event.ts'
import { releaseSpaceRow } from '#lib/db/declare-space-row.ts'
import type { SpaceRecord } from '#lib/db/find-space.ts'
import { holdSpaceRow } from '#lib/db/hold-space-row.ts'
import { inTransaction } from '#lib/db/in-transaction.ts'
import { objectName } from '#lib/domain/space-object.ts'

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
