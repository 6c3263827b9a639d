import { AppError } from '#lib/kernel/model/errors.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import type { Webhooks } from '#lib/kernel/webhook/open-webhooks.ts'

/** @throws AppError webhooks_unavailable if webhooks aren't configured */
export function requireWebhooks({ webhooks }: Pick<Services, 'webhooks'>): Webhooks {
  if (!webhooks) throw new AppError('webhooks_unavailable')
  return webhooks
}
