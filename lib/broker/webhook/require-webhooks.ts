import type { Services } from '#lib/broker/use-case/context.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { Webhooks } from '#lib/webhook/open-webhooks.ts'

/** @throws AppError webhooks_unavailable when the operator hasn't set them up */
export function requireWebhooks({ webhooks }: Pick<Services, 'webhooks'>): Webhooks {
  if (!webhooks) throw new AppError('webhooks_unavailable')
  return webhooks
}
