import { eventKinds, type InboxEvent, parseEvent } from '#lib/domain/event.ts'
import type { Db } from './client.ts'

export type DueMail = {
  id: string
  createdAt: Date
  attempts: number
  event: InboxEvent
  /** Null: nobody is to get it any more. The account is deactivated, or its address not to be used. */
  to: { name: string; address: string } | null
}

type Row = Omit<DueMail, 'event' | 'to'> & { kind: string; data: unknown; name: string; email: string; may: boolean }

/**
 * Takes mail that is due; workers that do so at once take different ones. If a worker dies with them, they are due again
 * after the lease.
 * @returns at most `most`, the longest due first
 */
export async function takeDueMail(
  db: Db,
  at: Date,
  { most, leaseMs }: { most: number; leaseMs: number },
): Promise<DueMail[]> {
  const again = new Date(at.getTime() + leaseMs)
  const rows = await db.$queryRaw<Row[]>`
    WITH due AS (
      SELECT d.id FROM mail_delivery d JOIN inbox_event e ON e.id = d.event_id
      WHERE d.state = 'waiting' AND d.next_attempt_at <= ${at} AND e.kind = ANY (${eventKinds})
      ORDER BY d.next_attempt_at LIMIT ${most} FOR NO KEY UPDATE OF d SKIP LOCKED)
    UPDATE mail_delivery d SET attempts = d.attempts + 1, next_attempt_at = ${again}
    FROM due, inbox_event e, user_account u
    WHERE d.id = due.id AND e.id = d.event_id AND u.id = e.user_id
    RETURNING d.id, d.created_at AS "createdAt", d.attempts, e.kind, e.data, u.name, u.email,
      u.deactivated_at IS NULL AND NOT u.email_unverified AND u.email <> '' AS may`
  // What this release can't read stays due: the one that wrote it, or the next one, can.
  return rows.flatMap(({ kind, data, name, email, may, ...row }) => {
    const event = parseEvent(kind, data)
    return event ? [{ ...row, event, to: may ? { name, address: email } : null }] : []
  })
}
