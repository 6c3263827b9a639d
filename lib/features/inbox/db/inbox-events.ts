import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { Decider } from '#lib/kernel/db/requests/select-requests.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { eventKinds, type InboxEvent, parseEvent } from '#lib/kernel/model/inbox/event.ts'
import { stillWaitsSql } from './still-waits-sql.ts'

/** @returns the space of a person's event, if any; null if they have no such event */
export const findInboxEvent = (db: Db | Tx, userId: string, id: string): Promise<{ spaceId: string | null } | null> =>
  db.inboxEvent.findFirst({ where: { id, userId }, select: { spaceId: true } })

export type InboxRecord = {
  id: string
  at: Date
  readAt: Date | null
  /** Null: this release can't read it. */
  event: InboxEvent | null
}

/** The last event of the previous page. */
export type InboxCursor = { at: Date; id: string }

type StoredRow = { id: string; at: Date; readAt: Date | null; kind: string; data: unknown }

const toRecord = ({ kind, data, ...row }: StoredRow): InboxRecord => ({ ...row, event: parseEvent(kind, data) })

/** @returns a person's events, newest first, after a cursor if given; none about what still waits for them */
export async function selectInbox(
  pool: Pool,
  reader: Decider,
  after: InboxCursor | null,
  take: number,
): Promise<InboxRecord[]> {
  const older = after ? Prisma.sql`AND (e.created_at, e.id) < (${after.at}, ${after.id}::uuid)` : Prisma.empty
  // Skips kinds that only a newer release knows.
  const rows = await runSql<StoredRow>(
    pool,
    Prisma.sql`
    SELECT e.id, e.created_at AS at, e.read_at AS "readAt", e.kind, e.data FROM inbox_event e
    WHERE e.user_id = ${reader.userId}::uuid AND e.kind = ANY (${eventKinds}) ${older} AND NOT (${stillWaitsSql(reader)})
    ORDER BY e.created_at DESC, e.id DESC LIMIT ${take}`,
  )
  return rows.map(toRecord)
}

/** @returns a person's latest events since an instant, newest first */
export async function selectInboxSince(pool: Pool, userId: string, since: Date, take: number): Promise<InboxRecord[]> {
  const rows = await runSql<StoredRow>(
    pool,
    Prisma.sql`
    SELECT id, created_at AS at, read_at AS "readAt", kind, data FROM inbox_event
    WHERE user_id = ${userId}::uuid AND kind = ANY (${eventKinds}) AND created_at > ${since}
    ORDER BY created_at DESC, id DESC LIMIT ${take}`,
  )
  return rows.map(toRecord)
}

/**
 * Marks a person's event as read.
 * @returns whether it was unread
 */
export async function markEventRead(tx: Tx, userId: string, id: string, at: Date): Promise<boolean> {
  const { count } = await tx.inboxEvent.updateMany({ where: { id, userId, readAt: null }, data: { readAt: at } })
  return count > 0
}

/**
 * Marks a person's events until an instant as read.
 * @returns how many were unread
 */
export async function markAllEventsRead(tx: Tx, userId: string, at: Date): Promise<number> {
  const { count } = await tx.inboxEvent.updateMany({
    where: { userId, readAt: null, createdAt: { lte: at } },
    data: { readAt: at },
  })
  return count
}
