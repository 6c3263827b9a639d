import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { offboardedWithSql } from '#lib/kernel/db/people/find-offboarding.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import { type EndedCounts, type OffboardedWith, parseEndedCounts } from '#lib/kernel/model/people/offboarding.ts'

type NewOffboarding = {
  /**
   * The id of this offboarding, which other certificates refer to, and of the act that covers all accounts offboarded
   * together.
   */
  id: string
  actId: string
  personId: string
  byId: string
  reason: string
  at: Date
  ended: EndedCounts
  /** The spaces that they owned or had a role in. */
  spacesHeld: readonly string[]
  /** The clusters that Spaceport currently manages. */
  clusters: readonly string[]
}

/**
 * Adds an offboarding with a part for each cluster: those that Spaceport manages, and former ones that still have
 * spaces.
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

/** The contents of a certificate, once every cluster has answered. */
export type AnsweredOffboarding = {
  id: string
  personId: string
  person: { handle: string; name: string; issuer: string; subject: string }
  byId: string
  by: { handle: string; name: string }
  with: OffboardedWith[]
  reason: string
  at: Date
  ended: EndedCounts
  clusters: { name: string; spaces: number; reviews: number; from: string; until: string }[]
}

/**
 * Locks an offboarding's row until the transaction ends, so that the last answers of two clusters are handled one after
 * the other.
 */
export async function holdOffboarding(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM offboarding WHERE id = ${id}::uuid FOR NO KEY UPDATE`
}

/** @returns an active offboarding that is incomplete although every cluster has answered; null otherwise */
export async function findFullyAnswered(tx: Tx, id: string): Promise<AnsweredOffboarding | null> {
  const [row] = await tx.$queryRaw<(Omit<AnsweredOffboarding, 'ended'> & { ended: unknown })[]>`
    SELECT o.id, o.person_id AS "personId", o.by_id AS "byId", o.reason, o.created_at AS at, o.ended,
      json_build_object('handle', u.handle, 'name', u.name, 'issuer', u.issuer, 'subject', u.subject) AS person,
      json_build_object('handle', b.handle, 'name', b.name) AS by, ${offboardedWithSql} AS "with",
      (SELECT json_agg(json_build_object('name', c.name, 'spaces', p.spaces, 'reviews', p.reviews, 'from', p.started_at, 'until', p.finished_at)
          ORDER BY c.name COLLATE "C")
        FROM offboarding_cluster p JOIN cluster c ON c.id = p.cluster_id WHERE p.offboarding_id = o.id) AS clusters
    FROM offboarding o JOIN user_account u ON u.id = o.person_id JOIN user_account b ON b.id = o.by_id
    WHERE o.id = ${id}::uuid AND o.completed_at IS NULL AND o.reactivated_at IS NULL
      AND NOT EXISTS (SELECT FROM offboarding_cluster p WHERE p.offboarding_id = o.id AND p.finished_at IS NULL)`
  return row ? { ...row, ended: parseEndedCounts(row.ended) } : null
}

export async function saveCertificate(
  tx: Tx,
  id: string,
  given: { text: string; hash: string; at: Date },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE offboarding SET certificate = ${given.text}, certificate_hash = ${given.hash}, completed_at = ${given.at} WHERE id = ${id}::uuid`
}

export type OpenOffboarding = { id: string; person: { id: string; handle: string } }

/** @returns an active offboarding with an open certificate, or null */
export const findOpenOffboarding = (db: Db | Tx, id: string): Promise<OpenOffboarding | null> =>
  db.offboarding.findFirst({
    where: { id, reactivatedAt: null, completedAt: null },
    select: { id: true, person: { select: { id: true, handle: true } } },
  })

/**
 * Makes all pending clusters due now. A worker that is asking one loses its lease, so the cluster is asked once more.
 * @returns the number of clusters
 */
export const askOffboardingAgainNow = (tx: Tx, id: string, at: Date): Promise<number> =>
  tx.$executeRaw`
    UPDATE offboarding_cluster SET next_at = ${at} WHERE offboarding_id = ${id}::uuid AND finished_at IS NULL AND next_at > ${at}`
