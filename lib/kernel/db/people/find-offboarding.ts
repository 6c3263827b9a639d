import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import { type ErrorCode, errorCodes } from '#lib/kernel/model/errors.ts'
import { type OffboardingView, parseEndedCounts, parseStillAllowed } from '#lib/kernel/model/people/offboarding.ts'

export type FoundOffboarding = OffboardingView & {
  person: { handle: string; name: string }
  certificate: string | null
}

type Part = {
  cluster: string
  spaces: number
  allowed: unknown
  moreAllowed: boolean
  unsettled: string[]
  failureCode: string | null
  startedAt: string | null
  finishedAt: string | null
}
type Row = Omit<FoundOffboarding, 'ended' | 'clusters'> & { ended: unknown; clusters: Part[] }

const toDate = (text: string | null): Date | null => (text === null ? null : new Date(text))
const toCode = (text: string | null): ErrorCode | null => errorCodes.find((code) => code === text) ?? null

async function findOne(pool: Pool, where: Prisma.Sql): Promise<FoundOffboarding | null> {
  const [row] = await runSql<Row>(
    pool,
    Prisma.sql`
    SELECT o.id, o.created_at AS at, json_build_object('handle', b.handle, 'name', b.name) AS by, o.reason, o.ended,
      o.completed_at AS "completedAt", o.certificate_hash AS hash, o.pseudonymised_at AS "pseudonymisedAt", o.certificate,
      json_build_object('handle', u.handle, 'name', u.name) AS person, ${offboardedWithSql} AS "with",
      (SELECT json_agg(json_build_object('cluster', c.name, 'spaces', p.spaces, 'allowed', p.allowed, 'moreAllowed', p.more_allowed,
          'unsettled', CASE WHEN p.finished_at IS NULL THEN ${unsettledSql} ELSE '{}' END,
          'failureCode', p.failure_code, 'startedAt', p.started_at, 'finishedAt', p.finished_at) ORDER BY c.name)
        FROM offboarding_cluster p JOIN cluster c ON c.id = p.cluster_id WHERE p.offboarding_id = o.id) AS clusters
    FROM offboarding o JOIN user_account u ON u.id = o.person_id JOIN user_account b ON b.id = o.by_id WHERE ${where}`,
  )
  if (!row) return null
  return {
    ...row,
    ended: parseEndedCounts(row.ended),
    clusters: row.clusters.map((part) => ({
      ...part,
      allowed: parseStillAllowed(part.allowed),
      failureCode: toCode(part.failureCode),
      startedAt: toDate(part.startedAt),
      finishedAt: toDate(part.finishedAt),
    })),
  }
}

/** @returns the offboarding in force of a handle's person, or null */
export const findOffboardingOf = (pool: Pool, handle: string): Promise<FoundOffboarding | null> =>
  findOne(pool, Prisma.sql`u.handle = ${handle} AND o.reactivated_at IS NULL`)

/** @returns an offboarding, even if the person is back, or null */
export const findOffboarding = (pool: Pool, id: string): Promise<FoundOffboarding | null> =>
  findOne(pool, Prisma.sql`o.id = ${id}::uuid`)

/** The other accounts that were offboarded together with offboarding `o`, as SQL of OffboardedWith[]. */
export const offboardedWithSql = Prisma.raw(`(
  SELECT coalesce(json_agg(json_build_object('handle', a.handle, 'name', a.name, 'issuer', a.issuer, 'offboarding', w.id)
    ORDER BY a.handle COLLATE "C"), '[]')
  FROM offboarding w JOIN user_account a ON a.id = w.person_id WHERE w.act_id = o.act_id AND w.id <> o.id)`)

/**
 * Some of a departed user's spaces on a cluster, part `p`, that the cluster hasn't caught up with, as SQL. Spaces
 * without a known namespace count too: a reconcile may be creating it now.
 */
export const unsettledSql = Prisma.sql`ARRAY(
  SELECT s.name FROM space s WHERE s.id = ANY (p.spaces_held) AND ${existing} AND s.status <> 'deleting'
    AND s.observed_generation < s.generation ORDER BY s.name LIMIT 20)`
