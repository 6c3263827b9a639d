import { dataOf, groupOf, type InboxEvent, waits } from '#lib/domain/event.ts'
import { mailedByDefault } from '#lib/domain/mail-choices.ts'
import type { Tx } from './client.ts'

export type NewEvent = {
  event: InboxEvent
  /** The people who get it: those who may know of it now. Deactivated ones get nothing. */
  to: readonly string[]
  spaceId: string | null
  at: Date
  /** Each person gets one event with this key, however often it is inserted. */
  dedupeKey?: string
}

/**
 * Tells people of something, in the transaction that does it. What waits for them is counted while it waits: its event
 * is read from the start. Where the person’s choice is to be told by mail, and their address may be used, a mail waits to
 * be sent (take-due-mail.ts).
 */
export async function insertInboxEvents(tx: Tx, { event, to, spaceId, at, dedupeKey }: NewEvent): Promise<void> {
  if (to.length === 0) return
  const group = groupOf(event.kind)
  await tx.$executeRaw`
    WITH told AS (
    INSERT INTO inbox_event (id, user_id, kind, data, space_id, created_at, read_at, dedupe_key)
    SELECT gen_random_uuid(), u.id, ${event.kind}, ${JSON.stringify(dataOf(event))}::jsonb, ${spaceId}::uuid, ${at},
      ${waits(event.kind) ? at : null}::timestamptz, ${dedupeKey ?? null}
    FROM user_account u WHERE u.id = ANY (${to}::uuid[]) AND u.deactivated_at IS NULL
    ON CONFLICT (user_id, dedupe_key) DO NOTHING RETURNING id, user_id)
    INSERT INTO mail_delivery (id, event_id, created_at, next_attempt_at)
    SELECT gen_random_uuid(), told.id, ${at}, ${at} FROM told JOIN user_account u ON u.id = told.user_id
    WHERE u.email <> '' AND NOT u.email_unverified
      AND coalesce((u.mail_choices ->> ${group})::boolean, ${mailedByDefault[group]})`
}
