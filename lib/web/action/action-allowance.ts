import 'server-only'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '#lib/kernel/model/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'

/** More than anyone does by hand. Refusals above it are not recorded, so that they can't flood the trail. */
const maxPerMinute = 600

const limiter = () =>
  processValue('action-allowance', () => new RateLimiterMemory({ points: maxPerMinute, duration: 60 }))

/**
 * Counts one action of a person, in this process.
 * @throws AppError rate_limited
 */
export async function takeActionAllowance(userId: string): Promise<void> {
  try {
    await limiter().consume(userId)
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw new AppError('rate_limited')
    throw refusal
  }
}
