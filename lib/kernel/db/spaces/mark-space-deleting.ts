import type { Db, Tx } from '#lib/kernel/db/client.ts'
import type { Step } from '#lib/kernel/model/spaces/space-status.ts'
import { isLiving } from './effective-sql.ts'

/** Marks a living space for deletion; one that is already being deleted is left as it is. */
export async function markSpaceDeleting(tx: Tx, spaceId: string, steps: readonly Step[], at: Date): Promise<void> {
  await tx.space.updateMany({
    where: { id: spaceId, ...isLiving },
    data: {
      status: 'deleting',
      deleteRequestedAt: at,
      generation: { increment: 1 },
      steps: [...steps],
      failureCode: null,
      failureMessage: null,
    },
  })
}

/** Marks a space for deletion that has nothing on the cluster. One that has a namespace by now is left as it is. */
export async function markUncreatableSpaceDeleting(db: Db, spaceId: string): Promise<void> {
  await db.space.updateMany({ where: { id: spaceId, namespaceUid: null }, data: { status: 'deleting' } })
}
