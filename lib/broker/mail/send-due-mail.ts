import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { closeMail, type MailFate, skipWaitingMail } from '#lib/db/close-mail.ts'
import { type DueMail, takeDueMail } from '#lib/db/take-due-mail.ts'
import { nextAttempt } from '#lib/domain/mail-attempt.ts'
import type { Mailer } from '#lib/mail/open-mailer.ts'
import { renderMail } from '#lib/mail/render-mail.ts'
import { metrics } from '#lib/observability/metrics.ts'

const most = 20
/** Longer than that many mails are tried for (lib/mail/open-mailer.ts). */
const leaseMs = 15 * 60_000

/** One address and nothing else: a list, a comment or a group would reach others. */
const address = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u

/**
 * Sends mail that is due. Safe to run in several workers at once: each mail is taken by one. If that one dies after the
 * mail server took it, it is sent once more, with the same message id.
 * @param mailer null: there is no mail server, and nothing is kept for one
 * @param portalUrl where links lead
 * @returns how many were taken
 */
export async function sendDueMail(ctx: SystemContext, mailer: Mailer | null, portalUrl: string): Promise<number> {
  if (!mailer) return skipWaitingMail(ctx.db, ctx.clock())
  const due = await takeDueMail(ctx.db, ctx.clock(), { most, leaseMs })
  const portal = { url: portalUrl, defaultCluster: ctx.clusters.defaultName }
  await Promise.all(
    due.map(async (mail) => {
      const fate = await attempt(ctx, mailer, mail, portal)
      metrics().mails.inc({ outcome: fate.state })
      if ('error' in fate) ctx.log.warn({ mail: mail.id, ...fate, attempts: mail.attempts }, 'mail couldn’t be sent')
      await closeMail(ctx.db, mail.id, fate, ctx.clock())
    }),
  )
  return due.length
}

async function attempt(
  ctx: SystemContext,
  mailer: Mailer,
  { id, createdAt, attempts, event, to }: DueMail,
  portal: { url: string; defaultCluster: string },
): Promise<MailFate> {
  if (!to || !address.test(to.address)) return { state: 'skipped' }
  const result = await mailer.send({ id, to, at: createdAt, ...renderMail(event, portal) })
  if (result.sent) return { state: 'sent' }
  const nextAttemptAt = result.permanent ? null : nextAttempt(createdAt, attempts, ctx.clock())
  if (nextAttemptAt === null) return { state: 'given_up', error: result.error }
  return { state: 'waiting', error: result.error, nextAttemptAt }
}
