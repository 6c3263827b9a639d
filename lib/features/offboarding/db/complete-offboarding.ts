import type { Tx } from '#lib/kernel/db/client.ts'
import { offboardedWithSql } from '#lib/kernel/db/people/offboarded-with-sql.ts'
import { type Ended, type OffboardedWith, parseEnded } from '#lib/kernel/model/people/offboarding.ts'

/** What a certificate says, once every cluster has answered. */
export type AnsweredOffboarding = {
  id: string
  personId: string
  person: { handle: string; name: string; issuer: string; subject: string }
  byId: string
  by: { handle: string; name: string }
  with: OffboardedWith[]
  reason: string
  at: Date
  ended: Ended
  clusters: { name: string; spaces: number; reviews: number; from: string; until: string }[]
}

/** Holds an offboarding's row until the transaction ends, so that of two clusters' last answers one comes second. */
export async function holdOffboarding(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM offboarding WHERE id = ${id}::uuid FOR NO KEY UPDATE`
}

/** @returns an offboarding in force whose clusters have all answered and that is not complete yet; null otherwise */
export async function findAnswered(tx: Tx, id: string): Promise<AnsweredOffboarding | null> {
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
  return row ? { ...row, ended: parseEnded(row.ended) } : null
}

/** Stores a certificate with its hash. */
export async function saveCertificate(
  tx: Tx,
  id: string,
  given: { text: string; hash: string; at: Date },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE offboarding SET certificate = ${given.text}, certificate_hash = ${given.hash}, completed_at = ${given.at} WHERE id = ${id}::uuid`
}
