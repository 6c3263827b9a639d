import type { Tx } from '#lib/kernel/db/client.ts'
import { dataOf, groupOf, type InboxEvent, isAlarm } from '#lib/kernel/model/inbox/event.ts'
import { sentByDefault } from '#lib/kernel/model/inbox/event-choices.ts'

export type NewEvent = {
  /** The recipient: a person who may know about it now. Deactivated accounts get nothing. */
  to: string
  event: InboxEvent
  spaceId: string | null
  /** Whether it is about a task of the recipient. Such an event starts as read, because the badge counts the task. */
  isTask?: boolean
  /** Each person gets one event with this key, however often it is inserted. */
  dedupeKey?: string
}

/**
 * Adds inbox events in the transaction of the change. Queues mails and webhook messages as each person chose
 * (deliveries.ts); mails need a usable address.
 */
export async function insertInboxEvents(tx: Tx, events: readonly NewEvent[], at: Date): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ to, event, spaceId, isTask = false, dedupeKey }) => {
    const group = groupOf(event.kind)
    return {
      user_id: to,
      kind: event.kind,
      data: dataOf(event),
      space_id: spaceId,
      read: isTask,
      dedupe_key: dedupeKey ?? null,
      choice: isAlarm(event.kind) ? null : group,
      by_default: isAlarm(event.kind) || sentByDefault[group],
    }
  })
  await tx.$executeRaw`
    WITH new AS (
    SELECT gen_random_uuid() AS id, n.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS n (user_id uuid, kind text,
      data jsonb, space_id uuid, read boolean, dedupe_key text, choice text, by_default boolean)),
    told AS (
    INSERT INTO inbox_event (id, user_id, kind, data, space_id, created_at, read_at, dedupe_key)
    SELECT new.id, u.id, new.kind, new.data, new.space_id, ${at}, CASE WHEN new.read THEN ${at}::timestamptz END, new.dedupe_key
    FROM new JOIN user_account u ON u.id = new.user_id WHERE u.deactivated_at IS NULL
    ON CONFLICT (user_id, dedupe_key) DO NOTHING RETURNING id, user_id),
    mailed AS (
    INSERT INTO mail_delivery (id, event_id, created_at, next_attempt_at)
    SELECT gen_random_uuid(), told.id, ${at}, ${at}
    FROM told JOIN new USING (id, user_id) JOIN user_account u ON u.id = told.user_id
    WHERE u.email <> '' AND NOT u.email_unverified AND coalesce((u.mail_choices ->> new.choice)::boolean, new.by_default))
    INSERT INTO webhook_delivery (id, event_id, created_at, next_attempt_at)
    SELECT gen_random_uuid(), told.id, ${at}, ${at}
    FROM told JOIN new USING (id, user_id) JOIN webhook w ON w.user_id = told.user_id
    WHERE w.off_at IS NULL AND coalesce((w.choices ->> new.choice)::boolean, new.by_default)`
}
