/**
 * One cluster's part of an offboarding: what it is asked about an offboarded person. Any worker can do the next step.
 */

import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { unsettledSql } from '#lib/kernel/db/people/find-offboarding.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { ErrorCode } from '#lib/kernel/model/errors.ts'
import { parseStillAllowed, type StillAllowed } from '#lib/kernel/model/people/offboarding.ts'

export type OffboardingPart = {
  offboardingId: string
  clusterId: string
  handle: string
  /** The last namespace checked. */
  after: string
  /** Whether every space was checked. */
  allAsked: boolean
  spaces: number
  reviews: number
  allowed: StillAllowed[]
  moreAllowed: boolean
  failures: number
  startedAt: Date | null
  /** The person's spaces whose bindings still have to be rewritten. */
  unsettled: string[]
  /** Until then, no other worker takes this part. */
  leasedUntil: Date
}

type Row = Omit<OffboardingPart, 'allowed' | 'leasedUntil'> & { allowed: unknown }

/**
 * Takes the part of a cluster that has been due the longest. Concurrent workers take different ones. If a worker dies,
 * its part is due again after the lease.
 * @returns null if nothing is due
 */
export async function takeOffboardingPart(
  db: Db,
  cluster: string,
  { at, leaseMs }: { at: Date; leaseMs: number },
): Promise<OffboardingPart | null> {
  const leasedUntil = new Date(at.getTime() + leaseMs)
  const [row] = await db.$queryRaw<Row[]>`
    WITH due AS (
      SELECT p.offboarding_id, p.cluster_id FROM offboarding_cluster p
        JOIN cluster c ON c.id = p.cluster_id JOIN offboarding o ON o.id = p.offboarding_id
      WHERE c.name = ${cluster} AND p.finished_at IS NULL AND p.next_at <= ${at} AND o.reactivated_at IS NULL
      ORDER BY p.next_at LIMIT 1 FOR NO KEY UPDATE OF p SKIP LOCKED)
    UPDATE offboarding_cluster p SET next_at = ${leasedUntil}, started_at = coalesce(p.started_at, ${at})
    FROM due, offboarding o, user_account u
    WHERE p.offboarding_id = due.offboarding_id AND p.cluster_id = due.cluster_id AND o.id = p.offboarding_id AND u.id = o.person_id
    RETURNING p.offboarding_id AS "offboardingId", p.cluster_id AS "clusterId", u.handle, p.after, p.all_asked AS "allAsked", p.spaces,
      p.reviews, p.allowed, p.more_allowed AS "moreAllowed", p.failures, p.started_at AS "startedAt", ${unsettledSql} AS unsettled`
  return row ? { ...row, allowed: parseStillAllowed(row.allowed), leasedUntil } : null
}

export type PartProgress = {
  after: string
  allAsked: boolean
  spaces: number
  reviews: number
  allowed: readonly StillAllowed[]
  moreAllowed: boolean
  /** Consecutive failures. */
  failures: number
  failureCode: ErrorCode | null
  nextAt: Date
  finishedAt?: Date
}

type PartLease = Pick<OffboardingPart, 'offboardingId' | 'clusterId' | 'leasedUntil'>

/**
 * Saves the progress of a part, unless its lease expired and another worker has taken it.
 * @returns whether it was saved
 */
export async function savePart(db: Db | Tx, part: PartLease, now: PartProgress): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE offboarding_cluster SET after = ${now.after}, all_asked = ${now.allAsked}, spaces = ${now.spaces}, reviews = ${now.reviews},
      allowed = ${JSON.stringify(now.allowed)}::jsonb, more_allowed = ${now.moreAllowed}, failures = ${now.failures},
      failure_code = ${now.failureCode}, next_at = ${now.nextAt}, finished_at = ${now.finishedAt ?? null}
    WHERE offboarding_id = ${part.offboardingId}::uuid AND cluster_id = ${part.clusterId}::uuid AND next_at = ${part.leasedUntil}
      AND finished_at IS NULL`
  return count > 0
}

/** A space that exists on a cluster. */
export type SpaceOnCluster = { name: string; namespace: string }

/** @returns the spaces on a cluster, including those being deleted, ordered by namespace */
export async function selectSpacesOnCluster(
  db: Db,
  clusterId: string,
  { after, limit }: { after: string; limit: number },
): Promise<SpaceOnCluster[]> {
  return db.$queryRaw<SpaceOnCluster[]>`
    SELECT s.name, s.namespace FROM space s
    WHERE s.cluster_id = ${clusterId}::uuid AND s.namespace_uid IS NOT NULL AND ${existing} AND s.namespace > ${after}
    ORDER BY s.namespace LIMIT ${limit}`
}
