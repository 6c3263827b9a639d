import type { Tx } from '#lib/kernel/db/client.ts'
import { reconcileJobSql } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { reservedForAnotherSql } from '#lib/kernel/db/spaces/is-name-taken.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

export type NewSpace = {
  id: string
  clusterId: string
  name: string
  namespace: string
  creation: string
  description: string
  size: Size
  ownerId: string
  endsAt: Date | null
  requestId: string | null
  /** The object that declares it; without `uid` and `generation`: it is followed once the space is there. */
  declared: {
    namespace: string
    uid: string | null
    generation: number | null
    members: boolean
    done: string[]
  } | null
}

/**
 * Adds a space and queues its reconcile, in one statement.
 * @param reservedSince names of spaces that others deleted after this instant are reserved for them
 * @throws AppError name_taken when an existing space has the name or the namespace on that cluster, or it is reserved
 *   for somebody else
 */
export async function insertSpace(tx: Tx, space: NewSpace, reservedSince: Date): Promise<void> {
  const { id, clusterId, name, namespace, creation, description, size, ownerId, endsAt, requestId, declared } = space
  const added = await tx.$executeRaw`/* kept plan: insert-space */
    WITH added AS (
      INSERT INTO space (id, cluster_id, name, namespace, creation, description, size, owner_id, ends_at, request_id,
        declared_namespace, declared_uid, declared_generation, declared_members, declared_done)
      SELECT ${id}::uuid, ${clusterId}::uuid, ${name}, ${namespace}, ${creation}, ${description}, ${size}::space_size,
        ${ownerId}::uuid, ${endsAt}::timestamptz, ${requestId}::uuid,
        ${declared?.namespace ?? null}, ${declared?.uid ?? null}, ${declared?.generation ?? null}::int, ${declared?.members ?? false}::boolean,
        ${declared?.done ?? []}::text[]
      WHERE NOT ${reservedForAnotherSql({ clusterId, namespace, ownerId, reservedSince })}
      ON CONFLICT DO NOTHING RETURNING id)
    SELECT ${reconcileJobSql(id)} FROM added`
  if (added === 0) throw new AppError('name_taken', { fields: { name: 'This name is taken. Choose another.' } })
}

type Settings = { description: string; size: Size; endsAt: Date | null }

/**
 * Changes settings of a space, if they are still as they were when the change was decided.
 * @returns whether they were changed
 */
export async function updateSpaceRow(
  tx: Tx,
  { id, before }: { id: string; before: Settings },
  change: Partial<Settings>,
): Promise<boolean> {
  const { count } = await tx.space.updateMany({ where: { id, ...before }, data: change })
  return count > 0
}
