import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { living } from './effective-sql.ts'

export type DueGrant = {
  id: string
  spaceId: string
  spaceName: string
  namespace: string
  cluster: string
  role: string
  principal: string
  /** The group's provider. */
  issuer: string | null
}

const dueGrant = Prisma.raw(`g.id, g.space_id AS "spaceId", s.name AS "spaceName", s.namespace, c.name AS cluster,
  g.role::text AS role, g.group_issuer AS issuer,
  coalesce('group:' || g."group", (SELECT 'user:' || u.handle FROM user_account u WHERE u.id = g.user_id)) AS principal`)

/**
 * Takes grants that are due to end and marks them as removed in this transaction. Concurrent workers take different
 * ones. Locks their spaces too, as every change of grants does first, to avoid deadlocks.
 * @returns at most 100
 */
export async function takeEndedGrants(tx: Tx, at: Date): Promise<DueGrant[]> {
  return tx.$queryRaw<DueGrant[]>`
    WITH ended AS (
      SELECT g.id FROM space_grant g JOIN space s ON s.id = g.space_id WHERE g.removed_at IS NULL AND g.ends_at <= ${at}
      ORDER BY g.ends_at LIMIT 100 FOR NO KEY UPDATE OF s, g SKIP LOCKED)
    UPDATE space_grant g SET removed_at = g.ends_at FROM ended, space s, cluster c
    WHERE g.id = ended.id AND s.id = g.space_id AND c.id = s.cluster_id
    RETURNING ${dueGrant}`
}

/** Takes grants that are due to start, like takeEndedGrants. @returns at most 100; they no longer await their start */
export async function takeStartedGrants(tx: Tx, at: Date): Promise<DueGrant[]> {
  return tx.$queryRaw<DueGrant[]>`
    WITH started AS (
      SELECT g.id FROM space_grant g JOIN space s ON s.id = g.space_id
      WHERE g.awaits_start AND g.removed_at IS NULL AND g.starts_at <= ${at}
      ORDER BY g.starts_at LIMIT 100 FOR NO KEY UPDATE OF s, g SKIP LOCKED)
    UPDATE space_grant g SET awaits_start = false FROM started, space s, cluster c
    WHERE g.id = started.id AND s.id = g.space_id AND c.id = s.cluster_id
    RETURNING ${dueGrant}`
}

type EndedSpace = { id: string; name: string; namespace: string; ownerId: string; cluster: string }

/**
 * Takes and locks spaces that are due to end and not being deleted yet. Concurrent workers take different ones.
 * @returns at most 100
 */
export async function takeEndedSpaces(tx: Tx, at: Date): Promise<EndedSpace[]> {
  return tx.$queryRaw<EndedSpace[]>`
    SELECT s.id, s.name, s.namespace, s.owner_id AS "ownerId", c.name AS cluster FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE s.ends_at <= ${at} AND ${living} LIMIT 100 FOR UPDATE OF s SKIP LOCKED`
}

/**
 * Takes spaces that can't be created because of a foreign namespace, like takeEndedSpaces.
 * @param before only older ones, so that people can read the reason first
 * @returns at most 100
 */
export async function claimUncreatableSpaces(tx: Tx, before: Date): Promise<EndedSpace[]> {
  return tx.$queryRaw<EndedSpace[]>`
    SELECT s.id, s.name, s.namespace, s.owner_id AS "ownerId", c.name AS cluster FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE s.status = 'failed' AND s.namespace_uid IS NULL AND s.failure_code = 'namespace_taken' AND s.created_at <= ${before}
    LIMIT 100 FOR UPDATE OF s SKIP LOCKED`
}

export type ExpiredRequest = {
  id: string
  spaceId: string | null
  requesterId: string
  payload: unknown
  space: { name: string; cluster: string } | null
}

/** Marks due open requests as expired. @returns at most 100 */
export async function takeExpiredRequests(tx: Tx, at: Date): Promise<ExpiredRequest[]> {
  return tx.$queryRaw<ExpiredRequest[]>`
    WITH expired AS (SELECT id FROM request WHERE state = 'open' AND expires_at <= ${at} LIMIT 100 FOR UPDATE SKIP LOCKED)
    UPDATE request r SET state = 'expired', decided_at = r.expires_at FROM expired WHERE r.id = expired.id
    RETURNING r.id, r.space_id AS "spaceId", r.requester_id AS "requesterId", r.payload,
      (SELECT json_build_object('name', s.name, 'cluster', c.name) FROM space s JOIN cluster c ON c.id = s.cluster_id
       WHERE s.id = r.space_id) AS space`
}

export type ExpiredOffer = {
  id: string
  spaceId: string
  spaceName: string
  namespace: string
  cluster: string
  ownerId: string
  to: { name: string; handle: string }
}

/** Marks due open offers as expired, of one space or of all. @returns at most 100 */
export async function takeExpiredOffers(tx: Tx, at: Date, ofSpace: string | null = null): Promise<ExpiredOffer[]> {
  return tx.$queryRaw<ExpiredOffer[]>`
    WITH expired AS (SELECT id FROM space_offer WHERE state = 'open' AND expires_at <= ${at}
      AND (${ofSpace}::uuid IS NULL OR space_id = ${ofSpace}::uuid) LIMIT 100 FOR UPDATE SKIP LOCKED)
    UPDATE space_offer o SET state = 'expired', closed_at = o.expires_at FROM expired, space s, cluster c, user_account u
    WHERE o.id = expired.id AND s.id = o.space_id AND c.id = s.cluster_id AND u.id = o.to_id
    RETURNING o.id, s.id AS "spaceId", s.name AS "spaceName", s.namespace, c.name AS cluster, s.owner_id AS "ownerId",
      json_build_object('name', u.name, 'handle', u.handle) AS "to"`
}
