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
  /**
   * The object that declares it. Without `uid` and `generation`, Spaceport follows the object once the space exists.
   */
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
 * @param reservedSince reserves the names of spaces that other people deleted after this
 * @throws AppError name_taken when a space on that cluster has the name or namespace, or it is reserved for someone
 * else
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
 * Changes settings of a space, unless they changed after the decision.
 * @returns whether it did
 */
export async function updateSpaceRow(
  tx: Tx,
  { id, before }: { id: string; before: Settings },
  change: Partial<Settings>,
): Promise<boolean> {
  const { count } = await tx.space.updateMany({ where: { id, ...before }, data: change })
  return count > 0
}
