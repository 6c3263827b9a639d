import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { living, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'
import { parseUsage } from '#lib/kernel/model/spaces/parse-usage.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'

/** A departing user's space, for which the admin decides what happens. */
export type SpaceOfDepartingUser = {
  id: string
  name: string
  namespace: string
  cluster: string
  endsAt: Date | null
  /** The number of people and groups with a role in it. */
  members: number
  /** As last observed. */
  usage: QuotaUsage[]
}

type Row = Omit<SpaceOfDepartingUser, 'usage'> & { usage: unknown }

/** @returns at most `limit` spaces that a person owns, by name, without those being deleted */
export async function selectSpacesOfDepartingUser(
  reader: Reader,
  userId: string,
  at: Date,
  limit: number,
): Promise<SpaceOfDepartingUser[]> {
  const rows = await runSql<Row>(
    reader,
    Prisma.sql`
    SELECT s.id, s.name, s.namespace, c.name AS cluster, s.ends_at AS "endsAt",
      (SELECT count(*) FROM space_grant g WHERE g.space_id = s.id AND ${notOver(at)})::int AS members,
      (SELECT u.usage FROM space_usage u WHERE u.space_id = s.id) AS usage
    FROM space s JOIN cluster c ON c.id = s.cluster_id WHERE s.owner_id = ${userId}::uuid AND ${living}
    ORDER BY s.name, s.id LIMIT ${limit}`,
  )
  return rows.map(({ usage, ...row }) => ({ ...row, usage: parseUsage(usage ?? []) }))
}

/**
 * Transfers spaces to new owners, as accepted offers do (offer-rows.ts): the new owners' own roles there end unless
 * they came from a request. The spaces' rows must be locked.
 */
export async function handOverSpaces(
  tx: Tx,
  spaces: readonly { id: string; ownerId: string }[],
  removal: { at: Date; byId: string },
): Promise<void> {
  if (spaces.length === 0) return
  const ids = spaces.map(({ id }) => id)
  const owners = spaces.map(({ ownerId }) => ownerId)
  await tx.$executeRaw`
    UPDATE space s SET owner_id = n.owner_id
    FROM unnest(${ids}::uuid[], ${owners}::uuid[]) AS n(id, owner_id) WHERE s.id = n.id`
  await tx.$executeRaw`
    UPDATE space_grant g SET removed_at = ${removal.at}, removed_by_id = ${removal.byId}::uuid
    FROM unnest(${ids}::uuid[], ${owners}::uuid[]) AS n(id, owner_id)
    WHERE g.space_id = n.id AND g.user_id = n.owner_id AND g.request_id IS NULL AND g.removed_at IS NULL`
}

/** Sets the ends of spaces. Earlier ends stay. The rows must be locked. */
export async function endSpacesBy(tx: Tx, spaces: readonly { id: string; endsAt: Date }[]): Promise<void> {
  if (spaces.length === 0) return
  const given = spaces.map(({ id, endsAt }) => ({ id, ends_at: endsAt.toISOString() }))
  await tx.$executeRaw`
    UPDATE space s SET ends_at = least(s.ends_at, n.ends_at)
    FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS n(id uuid, ends_at timestamptz) WHERE s.id = n.id`
}
