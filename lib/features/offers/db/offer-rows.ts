import { randomUUID } from 'node:crypto'
import type { OfferState } from '#lib/features/offers/model/offer-view.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { openOfferSql } from '#lib/kernel/db/requests/waiting-sql.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

export type NewOffer = {
  spaceId: string
  /** The owner, the recipient, and the person who offers it. */
  fromId: string
  toId: string
  byId: string
  reason: string | null
  createdAt: Date
  expiresAt: Date
}

export async function insertOffer(tx: Tx, offer: NewOffer): Promise<void> {
  await tx.offer.create({ data: { id: randomUUID(), ...offer } })
}

export type OfferRecord = {
  id: string
  spaceId: string
  fromId: string
  toId: string
  byId: string
  reason: string | null
  state: OfferState
  expiresAt: Date
  space: {
    id: string
    name: string
    namespace: string
    status: string
    ownerId: string
    cluster: { name: string }
  }
  from: { handle: string; name: string; email: string }
  to: { handle: string; name: string; email: string }
  by: { handle: string; name: string; email: string }
}

const personSql = (alias: 'giver' | 'receiver' | 'offerer') =>
  Prisma.raw(`json_build_object('handle', ${alias}.handle, 'name', ${alias}.name, 'email', ${alias}.email)`)

async function findOne(reader: Reader, where: Prisma.Sql): Promise<OfferRecord | null> {
  const [row] = await runSql<OfferRecord>(
    reader,
    Prisma.sql`
    SELECT f.id, f.space_id AS "spaceId", f.from_id AS "fromId", f.to_id AS "toId", f.by_id AS "byId", f.reason,
      f.state::text AS state, f.expires_at AS "expiresAt",
      json_build_object('id', s.id, 'name', s.name, 'namespace', s.namespace, 'status', s.status, 'ownerId', s.owner_id,
        'cluster', json_build_object('name', c.name)) AS space,
      ${personSql('giver')} AS "from", ${personSql('receiver')} AS "to", ${personSql('offerer')} AS "by"
    FROM space_offer f JOIN space s ON s.id = f.space_id JOIN cluster c ON c.id = s.cluster_id
      JOIN user_account giver ON giver.id = f.from_id JOIN user_account receiver ON receiver.id = f.to_id
      JOIN user_account offerer ON offerer.id = f.by_id
    WHERE ${where} LIMIT 1`,
  )
  return row ?? null
}

/** @returns an offer in any state, or null */
export const findOffer = (reader: Reader, id: string): Promise<OfferRecord | null> =>
  findOne(reader, Prisma.sql`f.id = ${id}::uuid`)

/** @returns a space's open offer, or null */
export const findOpenOffer = (reader: Reader, spaceId: string, at: Date): Promise<OfferRecord | null> =>
  findOne(reader, Prisma.sql`f.space_id = ${spaceId}::uuid AND f.state = 'open' AND f.expires_at > ${at}`)

export type OfferRow = {
  id: string
  space: string
  cluster: string
  description: string
  size: Size
  fromHandle: string
  fromName: string
  byHandle: string
  byName: string
  byOwner: boolean
  reason: string | null
  expiresAt: Date
}

/** As many as the inbox’s count includes. */
const maxOffers = 100

/** @returns the open offers to a person, soonest to expire first; at most 100 */
export const selectOffers = (pool: Pool, userId: string, at: Date): Promise<OfferRow[]> =>
  runSql<OfferRow>(
    pool,
    Prisma.sql`
    SELECT f.id, s.name AS space, c.name AS cluster, s.description, s.size::text AS size, o.handle AS "fromHandle",
      o.name AS "fromName", b.handle AS "byHandle", b.name AS "byName", f.by_id = f.from_id AS "byOwner", f.reason,
      f.expires_at AS "expiresAt"
    FROM space_offer f JOIN space s ON s.id = f.space_id JOIN cluster c ON c.id = s.cluster_id
      JOIN user_account o ON o.id = f.from_id JOIN user_account b ON b.id = f.by_id
    WHERE f.to_id = ${userId}::uuid AND ${openOfferSql(at)}
    ORDER BY f.expires_at, f.id LIMIT ${maxOffers}`,
  )

/**
 * Closes an open offer.
 * @throws AppError offer_closed if it was closed or has expired
 */
export async function closeOffer(
  tx: Tx,
  id: string,
  state: 'accepted' | 'declined' | 'withdrawn',
  at: Date,
): Promise<void> {
  const { count } = await tx.offer.updateMany({
    where: { id, state: 'open', expiresAt: { gt: at } },
    data: { state, closedAt: at },
  })
  if (count === 0) throw new AppError('offer_closed')
}

export async function setSpaceOwner(tx: Tx, spaceId: string, ownerId: string): Promise<void> {
  await tx.space.update({ where: { id: spaceId }, data: { ownerId } })
}
