import type { Tx } from '#lib/kernel/db/client.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Ended } from '#lib/kernel/model/people/offboarding.ts'

type NewOffboarding = {
  /** Its id, by which other certificates name it, and that of the act: of all accounts that are offboarded at once. */
  id: string
  actId: string
  personId: string
  byId: string
  reason: string
  at: Date
  ended: Ended
  /** The spaces in which they had a standing. */
  spacesHeld: readonly string[]
  /** The clusters that Spaceport manages now. */
  clusters: readonly string[]
}

/**
 * Adds an offboarding, and what each cluster is to be asked: those that Spaceport manages, and those that still have
 * spaces though it no longer does.
 */
export async function insertOffboarding(tx: Tx, given: NewOffboarding): Promise<void> {
  const { id } = given
  await tx.$executeRaw`
    INSERT INTO offboarding (id, act_id, person_id, by_id, reason, created_at, ended)
    VALUES (${id}::uuid, ${given.actId}::uuid, ${given.personId}::uuid, ${given.byId}::uuid, ${given.reason}, ${given.at}, ${JSON.stringify(given.ended)}::jsonb)`
  await tx.$executeRaw`
    INSERT INTO offboarding_cluster (offboarding_id, cluster_id, spaces_held, next_at)
    SELECT ${id}::uuid, c.id, ARRAY(SELECT s.id FROM space s WHERE s.cluster_id = c.id AND s.id = ANY (${[...given.spacesHeld]}::uuid[])), ${given.at}
    FROM cluster c WHERE c.name = ANY (${[...given.clusters]}::text[])
      OR EXISTS (SELECT FROM space s WHERE s.cluster_id = c.id AND s.namespace_uid IS NOT NULL AND ${existing})`
}
