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
/** Longer than the attempts of a batch (lib/features/inbox/mail/open-mailer.ts). */
const leaseMs = 15 * 60_000

/** Exactly one address: a list, comment or group could reach other people. */
const address = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u

/**
 * Sends due mail. Safe in several workers: each mail is leased by one. If a worker dies after the server accepted a
 * mail, it is sent again with the same message id.
 * @param mailer null: no mail server, so due mail is skipped
 * @returns the number of mails taken
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
