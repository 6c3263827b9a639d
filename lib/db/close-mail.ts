import type { Db } from './client.ts'

/** What became of a mail: `error` is what the mail server said. */
export type MailFate =
  | { state: 'sent' | 'skipped' }
  | { state: 'given_up'; error: string }
  | { state: 'waiting'; error: string; nextAttemptAt: Date }

/** Records what became of a mail that takeDueMail took. */
export async function closeMail(db: Db, id: string, fate: MailFate, at: Date): Promise<void> {
  await db.mailDelivery.updateMany({
    where: { id, state: 'waiting' },
    data: {
      state: fate.state,
      lastError: 'error' in fate ? fate.error : null,
      ...(fate.state === 'waiting' ? { nextAttemptAt: fate.nextAttemptAt } : { closedAt: at }),
    },
  })
}

/** Skips all mail that waits: there is no mail server. @returns how many */
export async function skipWaitingMail(db: Db, at: Date): Promise<number> {
  const { count } = await db.mailDelivery.updateMany({
    where: { state: 'waiting', nextAttemptAt: { lte: at } },
    data: { state: 'skipped', closedAt: at },
  })
  return count
}
