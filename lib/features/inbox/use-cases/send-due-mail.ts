import {
  closeDelivery,
  type DueDelivery,
  skipDueDeliveries,
  takeDueDeliveries,
} from '#lib/features/inbox/db/deliveries.ts'
import type { Mailer } from '#lib/features/inbox/mail/open-mailer.ts'
import { renderMail } from '#lib/features/inbox/mail/render-mail.ts'
import { type DeliveryState, stateAfter } from '#lib/kernel/model/inbox/delivery-attempt.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { metrics } from '#lib/observability/metrics.ts'

const maxMails = 20
/** Longer than that many mails are tried for (lib/features/inbox/mail/open-mailer.ts). */
const leaseMs = 15 * 60_000

/** One address and nothing else: a list, a comment or a group would reach others. */
const address = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u

/**
 * Sends mail that is due. Safe to run in several workers at once: each mail is taken by one. If that one dies after the
 * mail server took it, it is sent once more, with the same message id.
 * @param mailer null: there is no mail server, and nothing is kept for one
 * @returns how many were taken
 */
export async function sendDueMail(ctx: SystemContext, mailer: Mailer | null): Promise<number> {
  if (!mailer) return skipDueDeliveries(ctx.db, 'mail', ctx.clock())
  const due = await takeDueDeliveries(ctx.db, 'mail', ctx.clock(), { limit: maxMails, leaseMs })
  const portal = { url: ctx.portalUrl, defaultCluster: ctx.clusters.defaultName }
  await Promise.all(
    due.map(async (mail) => {
      const fate = await attempt(ctx, mailer, mail, portal)
      metrics().mails.inc({ outcome: fate.state })
      if ('error' in fate) ctx.log.warn({ mail: mail.id, ...fate, attempts: mail.attempts }, 'mail couldn’t be sent')
      await closeDelivery(ctx.db, 'mail', mail.id, fate, ctx.clock())
    }),
  )
  return due.length
}

async function attempt(
  ctx: SystemContext,
  mailer: Mailer,
  mail: DueDelivery<'mail'>,
  portal: { url: string; defaultCluster: string },
): Promise<DeliveryState> {
  const { id, createdAt, event, to } = mail
  if (!to || !address.test(to.address)) return { state: 'skipped' }
  const result = await mailer.send({ id, to, at: createdAt, ...renderMail(event, portal) })
  return stateAfter(result, mail, ctx.clock())
}
