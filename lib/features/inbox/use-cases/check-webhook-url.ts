import { hostOf, parseWebhookUrl } from '#lib/features/inbox/model/webhook-url.ts'
import { consumeRateLimit } from '#lib/kernel/db/consume-rate-limit.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import type { Recording } from '#lib/kernel/use-case/recorded.ts'
import { requireWebhooks } from './require-webhooks.ts'

/** Each URL that is tried makes Spaceport resolve a name. */
const allowance = { name: 'webhook-url', times: 30, seconds: 3600 }

// One sentence for all: whether a name or a host exists inside is nobody's business here.
const notAllowed =
  'Webhooks go to public https addresses on port 443. This isn’t one, or its name can’t be found. Ask a platform admin if it has to be allowed.'

/**
 * Says in the trail which host is meant, and checks whether webhooks may go there now; each delivery checks it again.
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
