import { type Db, Prisma } from '#lib/kernel/db/client.ts'
import type { DeliveryState } from '#lib/kernel/model/inbox/delivery-attempt.ts'
import { eventKinds, type InboxEvent, isSentToDeactivated, parseEvent } from '#lib/kernel/model/inbox/event.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'

/** Receivers of an event per channel; null: none any more. */
type Receivers = {
  /** Also null if the account is deactivated (except for alarms), or the address is unusable. */
  mail: { name: string; address: string }
  /** Also null if the account is deactivated (except for alarms), or the webhook is off. */
  webhook: { host: string; format: WebhookFormat; encryptedUrl: string; encryptedSecret: string }
}
export type Channel = keyof Receivers

export type DueDelivery<C extends Channel> = {
  id: string
  createdAt: Date
  attempts: number
  userId: string
  eventId: string
  event: InboxEvent
  to: Receivers[C] | null
}

/**
 * Deactivated people get only alarms that were queued before their deactivation: the cause may have deactivated them.
 */
const mayBeNotifiedSql = Prisma.sql`(u.deactivated_at IS NULL OR e.kind = ANY (${eventKinds.filter(isSentToDeactivated)}))`

/** Each channel's table, and its receiver as JSON for a person `u` and their webhook `w`. */
const channels: Readonly<Record<Channel, { table: Prisma.Sql; to: Prisma.Sql }>> = {
  mail: {
    table: Prisma.raw('mail_delivery'),
    to: Prisma.sql`CASE WHEN ${mayBeNotifiedSql} AND NOT u.email_unverified AND u.email <> ''
      THEN json_build_object('name', u.name, 'address', u.email) END`,
  },
  webhook: {
    table: Prisma.raw('webhook_delivery'),
    to: Prisma.sql`CASE WHEN ${mayBeNotifiedSql} AND w.off_at IS NULL AND w.user_id IS NOT NULL
      THEN json_build_object('host', w.host, 'format', w.format, 'encryptedUrl', w.encrypted_url, 'encryptedSecret', w.encrypted_secret) END`,
  },
}

/** @returns the table of a channel's deliveries, as SQL */
export const tableOf = (channel: Channel): Prisma.Sql => channels[channel].table

type Row<C extends Channel> = Omit<DueDelivery<C>, 'event'> & { kind: string; data: unknown }

/** How many of the longest-due deliveries to consider, so that one person's backlog isn't sorted each time. */
const maxLookedAt = 1_000

/**
 * Leases due deliveries, at most one per person; concurrent workers lease different ones. If a worker dies, they are
 * due again after the lease.
 * @param busy people to skip
 * @returns at most `limit`, the longest due first
 */
export async function takeDueDeliveries<C extends Channel>(
  db: Db,
  channel: C,
  at: Date,
  { limit, leaseMs, busy = [] }: { limit: number; leaseMs: number; busy?: readonly string[] },
): Promise<DueDelivery<C>[]> {
  const { table, to } = channels[channel]
  const again = new Date(at.getTime() + leaseMs)
  const rows = await db.$queryRaw<Row<C>[]>`
    WITH longest AS (
      SELECT d.id, d.next_attempt_at, e.user_id FROM ${table} d JOIN inbox_event e ON e.id = d.event_id
      WHERE d.state = 'waiting' AND d.next_attempt_at <= ${at} AND e.kind = ANY (${eventKinds})
        AND e.user_id <> ALL (${busy}::uuid[])
      ORDER BY d.next_attempt_at LIMIT ${maxLookedAt}),
    first AS (SELECT DISTINCT ON (user_id) id FROM longest ORDER BY user_id, next_attempt_at, id),
    due AS (
      SELECT d.id FROM ${table} d JOIN first USING (id) WHERE d.state = 'waiting' AND d.next_attempt_at <= ${at}
      ORDER BY d.next_attempt_at LIMIT ${limit} FOR NO KEY UPDATE OF d SKIP LOCKED)
    UPDATE ${table} d SET attempts = d.attempts + 1, next_attempt_at = ${again}
    FROM due JOIN ${table} t ON t.id = due.id JOIN inbox_event e ON e.id = t.event_id
    JOIN user_account u ON u.id = e.user_id LEFT JOIN webhook w ON w.user_id = u.id
    WHERE d.id = due.id
    RETURNING d.id, d.created_at AS "createdAt", d.attempts, e.user_id AS "userId", e.id AS "eventId", e.kind, e.data, ${to} AS to`
  // A payload this release can't read stays due, for a newer or older release.
  return rows.flatMap(({ kind, data, ...row }) => {
    const event = parseEvent(kind, data)
    return event ? [{ ...row, event }] : []
  })
}

/** Records the outcome of a delivery from takeDueDeliveries. */
export async function closeDelivery(
  db: Db,
  channel: Channel,
  id: string,
  fate: DeliveryState,
  at: Date,
): Promise<void> {
  const next = fate.state === 'waiting' ? fate.nextAttemptAt : null
  await db.$executeRaw`
    UPDATE ${tableOf(channel)} SET state = ${fate.state}::mail_state, last_error = ${'error' in fate ? fate.error : null},
      next_attempt_at = coalesce(${next}, next_attempt_at), closed_at = ${next === null ? at : null}::timestamptz
    WHERE id = ${id}::uuid AND state = 'waiting'`
}

/**
 * Skips all due deliveries of a channel that isn't configured.
 * @returns how many
 */
export const skipDueDeliveries = (db: Db, channel: Channel, at: Date): Promise<number> =>
  db.$executeRaw`
    UPDATE ${tableOf(channel)} SET state = 'skipped', closed_at = ${at} WHERE state = 'waiting' AND next_attempt_at <= ${at}`
