import type { Db, Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import { parsePayload } from '#lib/kernel/model/requests/parse-payload.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

export type NewRequest = {
  id: string
  requesterId: string
  clusterId: string
  spaceId: string | null
  payload: RequestPayload
  /** SHA-256 (hex) of payload, requester and reason. A decision is bound to it. */
  payloadHash: string
  reason: string
  createdAt: Date
  expiresAt: Date
}

export async function insertRequest(tx: Tx, request: NewRequest): Promise<void> {
  await tx.request.create({ data: { ...request, kind: request.payload.kind } })
}

export type OwnRequest = {
  spaceId: string | null
  payload: unknown
  space: { name: string; cluster: { name: string } } | null
}

/** @returns the subject of a person's own request, or null if they made no such request */
export const findOwnRequest = (db: Db | Tx, requesterId: string, id: string): Promise<OwnRequest | null> =>
  db.request.findFirst({
    where: { id, requesterId },
    select: { spaceId: true, payload: true, space: { select: { name: true, cluster: { select: { name: true } } } } },
  })

export type OpenSizeRequest = { id: string; size: Size; requesterId: string; requester: string; createdAt: Date }

/** @returns the newest open request by anyone for a larger size of a space, or null */
export async function findOpenSizeRequest(pool: Pool, spaceId: string, at: Date): Promise<OpenSizeRequest | null> {
  const { rows } = await pool.query<Omit<OpenSizeRequest, 'size'> & { payload: unknown }>({
    name: 'find-open-size-request',
    text: `SELECT r.id, r.payload, r.requester_id AS "requesterId", u.name AS requester, r.created_at AS "createdAt"
           FROM request r JOIN user_account u ON u.id = r.requester_id
           WHERE r.space_id = $1 AND r.state = 'open' AND r.kind = 'size' AND r.expires_at > $2
           ORDER BY r.created_at DESC LIMIT 1`,
    values: [spaceId, at],
  })
  const [row] = rows
  if (!row) return null
  const { payload, ...found } = row
  const asked = parsePayload(payload)
  return asked.kind === 'size' ? { ...found, size: asked.size } : null
}

/**
 * Locks an open request until the transaction ends. Lock the rows of people and spaces first.
 * @throws AppError request_closed if it was decided, withdrawn or has expired, or its payload differs
 */
export async function lockOpenRequest(tx: Tx, request: { id: string; payloadHash: string }, at: Date): Promise<void> {
  const held = await tx.$queryRaw<object[]>`
    SELECT id FROM request WHERE id = ${request.id}::uuid AND payload_hash = ${request.payloadHash} AND state = 'open'
      AND expires_at > ${at} FOR NO KEY UPDATE`
  if (held.length === 0) throw new AppError('request_closed')
}

export type NewApproval = {
  requestId: string
  payloadHash: string
  approverId: string
  approvedAt: Date
  reason: string | null
  minutes: number | null
}

/** Adds an approval. A second one by the same person for the same payload changes nothing. */
export async function insertApproval(tx: Tx, approval: NewApproval): Promise<void> {
  await tx.requestApproval.createMany({ data: [approval], skipDuplicates: true })
}

type Decision = {
  state: 'approved' | 'denied'
  deciderId: string
  decisionReason: string | null
  /** When the approved access or space ends. Null if it never does, or if the request was denied. */
  endsAt: Date | null
}

/**
 * Closes an open request.
 * @param request.payloadHash the hash that the decision was based on
 * @throws AppError request_closed if it was decided, withdrawn or has expired, or its payload differs
 */
export async function closeRequest(
  tx: Tx,
  request: { id: string; payloadHash?: string },
  outcome: Decision | { state: 'withdrawn' },
  at: Date,
): Promise<void> {
  const { count } = await tx.request.updateMany({
    where: { ...request, state: 'open', expiresAt: { gt: at } },
    data: { ...outcome, decidedAt: at },
  })
  if (count === 0) throw new AppError('request_closed')
}
