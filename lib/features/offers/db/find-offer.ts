import type { OfferState } from '#lib/features/offers/model/offer-view.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'

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

/** @returns a space's offer that can still be accepted, or null */
export const findOpenOffer = (reader: Reader, spaceId: string, at: Date): Promise<OfferRecord | null> =>
  findOne(reader, Prisma.sql`f.space_id = ${spaceId}::uuid AND f.state = 'open' AND f.expires_at > ${at}`)
