import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import type { EventChoices } from '#lib/kernel/model/inbox/event-choices.ts'
import { parseEventChoices } from '#lib/kernel/model/inbox/parse-event-choices.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'

export type WebhookRecord = {
  host: string
  format: WebhookFormat
  encryptedUrl: string
  encryptedSecret: string
  choices: EventChoices
  createdAt: Date
  offAt: Date | null
  /** When a message was last given up, if none was delivered since. */
  gaveUpAt: Date | null
}

/** @returns a person's webhook, if any */
export async function findWebhook(reader: Reader, userId: string): Promise<WebhookRecord | null> {
  const [row] = await runSql<Omit<WebhookRecord, 'choices'> & { choices: unknown }>(
    reader,
    Prisma.sql`
    SELECT w.host, w.format::text AS format, w.encrypted_url AS "encryptedUrl", w.encrypted_secret AS "encryptedSecret", w.choices,
      w.created_at AS "createdAt", w.off_at AS "offAt", CASE WHEN last.state = 'given_up' THEN last.closed_at END AS "gaveUpAt"
    FROM webhook w LEFT JOIN LATERAL (
      SELECT d.state, d.closed_at FROM (
        SELECT id FROM inbox_event WHERE user_id = w.user_id ORDER BY created_at DESC, id DESC LIMIT 100) e
      JOIN webhook_delivery d ON d.event_id = e.id
      WHERE d.state IN ('sent', 'given_up') AND d.closed_at > w.created_at ORDER BY d.closed_at DESC LIMIT 1) last ON true
    WHERE w.user_id = ${userId}::uuid`,
  )
  return row ? { ...row, choices: parseEventChoices(row.choices) } : null
}

/** Removes a person's webhook; queued messages are skipped when they are due. @returns whether there was one */
export const deleteWebhook = async (tx: Tx, userId: string): Promise<boolean> =>
  (await tx.webhook.deleteMany({ where: { userId } })).count > 0
