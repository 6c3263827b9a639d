import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { createSlots, type Slots } from '#lib/kernel/limits/slots.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/**
 * Rate limits per person for a cluster or the directory, per minute: more than anyone needs by hand, or a page of a
 * busy space. `atOnce` limits concurrent requests to the API server.
 */
const uses = {
  'read-inside': { perMinute: 300, atOnce: 6 },
  'count-loss': { perMinute: 60, atOnce: 2 },
  'check-name': { perMinute: 120, atOnce: 4 },
  'open-live': { perMinute: 120, atOnce: 20 },
  // One check may be two hundred requests.
  'ask-cluster': { perMinute: 20, atOnce: 1 },
  'search-principals': { perMinute: 120, atOnce: 4 },
  // Each pause in typing is a request.
  'search-portal': { perMinute: 240, atOnce: 4 },
} as const
export type Use = keyof typeof uses

/** Runs work within a person's rate limit. @throws AppError rate_limited once it is reached */
export type WithinRateLimit = <T>(use: Use, userId: string, work: () => Promise<T>) => Promise<T>

/** Counts in this process: this work isn't worth a database row per request. */
export function createRateLimits(): WithinRateLimit {
  const limits = new Map<Use, { limiter: RateLimiterMemory; slots: Slots }>()
  function limitsOf(use: Use) {
    const { perMinute, atOnce } = uses[use]
    const found = limits.get(use) ?? {
      limiter: new RateLimiterMemory({ keyPrefix: use, points: perMinute, duration: 60 }),
      slots: createSlots(atOnce),
    }
    limits.set(use, found)
    return found
  }
  return async (use, userId, work) => {
    const { limiter, slots } = limitsOf(use)
    // Taken before the first await, so that simultaneous calls see each other.
    const release = slots.take(userId)
    if (!release) throw new AppError('rate_limited')
    try {
      await limiter.consume(userId)
      return await work()
    } catch (error) {
      if (error instanceof RateLimiterRes) throw new AppError('rate_limited')
      throw error
    } finally {
      release()
    }
  }
}
