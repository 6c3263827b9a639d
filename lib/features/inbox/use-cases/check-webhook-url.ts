import { hostOf, parseWebhookUrl } from '#lib/features/inbox/model/webhook-url.ts'
import { consumeRateLimit } from '#lib/kernel/db/consume-rate-limit.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import type { Recording } from '#lib/kernel/use-case/recorded.ts'
import { requireWebhooks } from './require-webhooks.ts'

/** Limited because each URL triggers a DNS lookup. */
const allowance = { name: 'webhook-url', times: 30, seconds: 3600 }

// The same sentence for every case, so that it reveals nothing about the internal network.
const notAllowed =
  'Webhooks must use a public https address on port 443, and this host isn’t one or wasn’t found. Ask a platform admin to allow it if you need it.'

/**
 * Adds the host to the trail entry, and checks whether webhooks may go there now. Each delivery checks it again.
 * @returns the URL and its host
 * @throws AppError bad_input, for the field `url`
 */
export async function checkWebhookUrl(
  ctx: BrokerContext,
  text: string,
  about: Recording['about'],
): Promise<{ url: string; host: string }> {
  const webhooks = requireWebhooks(ctx)
  const parsed = parseWebhookUrl(text)
  if ('problem' in parsed) throw refused(parsed.problem)
  const { url } = parsed
  const host = hostOf(url)
  about({ target: { kind: 'webhook', name: host } })
  await consumeRateLimit(ctx.pool, allowance, ctx.actor.userId)
  if (!(await webhooks.mayReach(url))) throw refused(notAllowed)
  return { url, host }
}

const refused = (problem: string) => new AppError('bad_input', { detail: 'url', fields: { url: problem } })
