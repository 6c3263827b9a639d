import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { EventChoices } from '#lib/kernel/model/inbox/event-choices.ts'
import { parseEventChoices } from '#lib/kernel/model/inbox/parse-event-choices.ts'

export type MailSettings = {
  address: string
  /** The identity provider reports the address as unverified. */
  unverified: boolean
  choices: EventChoices
  /** When a mail to the person last failed for good, unless one was sent since. */
  gaveUpAt: Date | null
}

/** @returns a person's mail choices, and whether mail reaches them */
export async function selectMailSettings(pool: Pool, userId: string): Promise<MailSettings | null> {
  const [row] = await runSql<Omit<MailSettings, 'choices'> & { choices: unknown }>(
    pool,
    Prisma.sql`
    SELECT u.email AS address, u.email_unverified AS unverified, u.mail_choices AS choices,
      CASE WHEN last.state = 'given_up' THEN last.closed_at END AS "gaveUpAt"
    FROM user_account u LEFT JOIN LATERAL (
      SELECT d.state, d.closed_at FROM (
        SELECT id FROM inbox_event WHERE user_id = u.id ORDER BY created_at DESC, id DESC LIMIT 100) e
      JOIN mail_delivery d ON d.event_id = e.id
      WHERE d.state IN ('sent', 'given_up') ORDER BY d.closed_at DESC LIMIT 1) last ON true
    WHERE u.id = ${userId}::uuid`,
  )
  return row ? { ...row, choices: parseEventChoices(row.choices) } : null
}

export async function saveMailChoices(tx: Tx, userId: string, choices: EventChoices): Promise<void> {
  await tx.user.update({ where: { id: userId }, data: { mailChoices: { ...choices } } })
}
