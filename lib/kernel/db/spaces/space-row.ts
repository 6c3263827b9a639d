import type { Db, Tx } from '#lib/kernel/db/client.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'
import type { Step } from '#lib/kernel/model/spaces/space-status.ts'
import { existing, isLiving } from './effective-sql.ts'

/** Locks a space's row, and with it its owner, status and grants, until the transaction ends. */
export async function holdSpaceRow(tx: Tx, spaceId: string): Promise<void> {
  await tx.$executeRaw`/* kept plan: hold-space-row */ SELECT 1 FROM space WHERE id = ${spaceId}::uuid FOR NO KEY UPDATE`
}

/** Marks a living space for deletion; no effect on one already being deleted. */
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

/** Marks a space without a namespace for deletion. Has no effect if it got one in the meantime. */
export async function markUncreatableSpaceDeleting(db: Db, spaceId: string): Promise<void> {
  await db.space.updateMany({ where: { id: spaceId, namespaceUid: null }, data: { status: 'deleting' } })
}

/** Saves the progress of a reconcile; a trigger notifies the space's open pages. */
export async function saveSteps(db: Db, spaceId: string, steps: readonly Step[]): Promise<void> {
  await db.$executeRaw`UPDATE space SET steps = ${JSON.stringify(steps)}::jsonb WHERE id = ${spaceId}::uuid`
}

type SpaceUsage = { spaceId: string; namespace: string; usage: readonly QuotaUsage[] }

/**
 * Writes the changed usage of a cluster's spaces in one statement. Drops usage of a space that is gone or has another
 * namespace, so that a new space of the same name doesn't get it.
 */
export async function saveUsage(db: Db, cluster: string, found: readonly SpaceUsage[], at: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO space_usage (space_id, usage, observed_at)
    SELECT s.id, r.usage, ${at}
    FROM jsonb_to_recordset(${JSON.stringify(found)}::jsonb) AS r("spaceId" uuid, namespace text, usage jsonb)
    JOIN cluster c ON c.name = ${cluster}
    JOIN space s ON s.id = r."spaceId" AND s.cluster_id = c.id AND s.namespace = r.namespace AND ${existing}
    ON CONFLICT (space_id) DO UPDATE SET usage = EXCLUDED.usage, observed_at = EXCLUDED.observed_at
      WHERE space_usage.usage <> EXCLUDED.usage`
}

/** @returns the name of a space's cluster, or null */
export async function findClusterOfSpace(db: Db, spaceId: string): Promise<string | null> {
  const rows = await db.$queryRaw<{ name: string }[]>`/* kept plan: find-cluster-of-space */
    SELECT c.name FROM space s JOIN cluster c ON c.id = s.cluster_id WHERE s.id = ${spaceId}::uuid`
  return rows[0]?.name ?? null
}

/** The object that declares a space, and its generation. Without a UID: the next one read is adopted. */
export type Declaration = { namespace: string | null; uid: string | null; generation: number | null }

export const findDeclaration = async (tx: Tx, spaceId: string): Promise<Declaration | null> => {
  const found = await tx.space.findUnique({
    where: { id: spaceId },
    select: { declaredNamespace: true, declaredUid: true, declaredGeneration: true },
  })
  return found && { namespace: found.declaredNamespace, uid: found.declaredUid, generation: found.declaredGeneration }
}
