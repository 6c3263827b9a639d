import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { activeAdminSql, type TokenRules } from '#lib/kernel/db/scim/token-in-force-sql.ts'
import type { TokenRequest } from '#lib/kernel/model/people/provisioning-view.ts'

export type FoundTokenRequest = {
  id: string
  name: string
  expiresAt: Date
  askedById: string
  approvedById: string | null
  lapsesAt: Date
  closedAt: Date | null
}

/** @returns a request for a provisioning token, or null */
export const findTokenRequest = (db: Db | Tx, id: string): Promise<FoundTokenRequest | null> =>
  db.scimTokenRequest.findUnique({
    where: { id },
    select: {
      id: true,
      name: true,
      expiresAt: true,
      askedById: true,
      approvedById: true,
      lapsesAt: true,
      closedAt: true,
    },
  })

/** @returns the open requests, oldest first */
export const selectTokenRequests = (pool: Pool, at: Date): Promise<TokenRequest[]> =>
  runSql<TokenRequest>(
    pool,
    Prisma.sql`
    SELECT r.id, r.name, r.expires_at AS "expiresAt", r.asked_at AS "askedAt", r.lapses_at AS "lapsesAt",
      json_build_object('handle', a.handle, 'name', a.name) AS "askedBy",
      CASE WHEN b.id IS NOT NULL THEN json_build_object('handle', b.handle, 'name', b.name) END AS "approvedBy"
    FROM scim_token_request r JOIN user_account a ON a.id = r.asked_by_id LEFT JOIN user_account b ON b.id = r.approved_by_id
    WHERE r.closed_at IS NULL AND r.lapses_at > ${at} ORDER BY r.asked_at, r.id`,
  )

export type NewTokenRequest = { id: string; name: string; expiresAt: Date; at: Date; byId: string; lapsesAt: Date }

/**
 * Adds a request and replaces the same person's lapsed one.
 * @returns false if they have an open one
 */
export async function insertTokenRequest(
  tx: Tx,
  { id, name, expiresAt, at, byId, lapsesAt }: NewTokenRequest,
): Promise<boolean> {
  await tx.scimTokenRequest.updateMany({
    where: { askedById: byId, closedAt: null, lapsesAt: { lte: at } },
    data: { closedAt: at, closedAs: 'lapsed' },
  })
  const added = await tx.$executeRaw`
    INSERT INTO scim_token_request (id, name, expires_at, asked_at, asked_by_id, lapses_at)
    VALUES (${id}::uuid, ${name}, ${expiresAt}, ${at}, ${byId}::uuid, ${lapsesAt}) ON CONFLICT DO NOTHING`
  return added > 0
}

/**
 * Approves a pending request. The approver must be a different person, not just a different account with the same
 * subject.
 * @returns whether the request was approved
 */
export async function approveTokenRequest(
  tx: Tx,
  id: string,
  { at, byId, lapsesAt }: { at: Date; byId: string; lapsesAt: Date },
): Promise<boolean> {
  const approved = await tx.$executeRaw`
    UPDATE scim_token_request r SET approved_at = ${at}, approved_by_id = ${byId}::uuid, lapses_at = ${lapsesAt}
    FROM user_account asker, user_account approver
    WHERE r.id = ${id}::uuid AND r.approved_at IS NULL AND r.closed_at IS NULL AND r.lapses_at > ${at}
      AND asker.id = r.asked_by_id AND approver.id = ${byId}::uuid
      AND (asker.subject, rtrim(asker.issuer, '/')) <> (approver.subject, rtrim(approver.issuer, '/'))`
  return approved > 0
}

/**
 * Closes an open request, approved or not, without a token.
 * @returns whether it was open
 */
export async function closeTokenRequest(
  tx: Tx,
  id: string,
  { at, byId, as }: { at: Date; byId: string; as: 'declined' | 'withdrawn' },
): Promise<boolean> {
  const { count } = await tx.scimTokenRequest.updateMany({
    where: { id, closedAt: null, lapsesAt: { gt: at } },
    data: { closedAt: at, closedById: byId, closedAs: as },
  })
  return count > 0
}

/**
 * Closes an approved request and links the token just created.
 * @returns whether the request was approved and open
 */
export async function closeRevealedRequest(
  tx: Tx,
  id: string,
  { at, byId }: { at: Date; byId: string },
): Promise<boolean> {
  const { count } = await tx.scimTokenRequest.updateMany({
    where: { id, askedById: byId, approvedAt: { not: null }, closedAt: null, lapsesAt: { gt: at } },
    data: { closedAt: at, closedById: byId, closedAs: 'revealed', tokenId: id },
  })
  return count > 0
}

/** @returns whether a person is an active platform admin. Their row must be locked. */
export async function isActiveAdmin(tx: Tx, userId: string, rules: TokenRules): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT FROM user_account u WHERE u.id = ${userId}::uuid AND ${activeAdminSql(rules)}`
  return rows.length > 0
}
