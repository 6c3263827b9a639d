import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'

type NewSpace = {
  id?: string
  /** Also its namespace. */
  name: string
  ownerId: string
  /** Default: the only cluster of most tests. */
  clusterId?: string
  size?: 'S' | 'M'
}

/**
 * A space in the database alone, as if a cluster had made it ready.
 * @returns its id
 */
export async function insertReadySpace(owner: Pool, space: NewSpace): Promise<string> {
  const { id = randomUUID(), name, ownerId, clusterId = null, size = 'S' } = space
  const { rowCount } = await owner.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, observed_generation,
       namespace_uid, reconciled_at, first_ready_at)
     SELECT $1, c.id, $2, $2, gen_random_uuid(), $3::space_size, $4, 'ready', 1, gen_random_uuid(), now(), now()
     FROM cluster c WHERE c.id = coalesce($5::uuid, (SELECT d.id FROM cluster d WHERE d.name = 'default'))`,
    [id, name, size, ownerId, clusterId],
  )
  if (rowCount !== 1) throw new Error(`there is no cluster for the space ${name}`)
  return id
}
