import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { existing } from './effective-sql.ts'

type Claim = { clusterId: string; namespace: string; ownerId: string; reservedSince: Date }

/**
 * Whether a namespace's name is reserved for a previous owner, as SQL. Includes spaces being deleted, which may be gone
 * by the time this statement inserts.
 */
export const reservedForAnotherSql = ({ clusterId, namespace, ownerId, reservedSince }: Claim) => Prisma.sql`
  EXISTS (SELECT FROM space d WHERE d.cluster_id = ${clusterId}::uuid AND d.namespace = ${namespace}
    AND d.owner_id <> ${ownerId}::uuid AND d.namespace_uid IS NOT NULL
    AND (d.status = 'deleting' OR (d.status = 'deleted' AND d.deleted_at > ${reservedSince})))`

/** @returns whether a space exists there, or the name is reserved for another person */
export async function isNameTaken(db: Db | Tx, claim: Claim): Promise<boolean> {
  const [row] = await db.$queryRaw<{ taken: boolean }[]>`
    SELECT ${reservedForAnotherSql(claim)} OR EXISTS (SELECT FROM space s WHERE s.cluster_id = ${claim.clusterId}::uuid
      AND s.namespace = ${claim.namespace} AND ${existing}) AS taken`
  return row?.taken ?? false
}
