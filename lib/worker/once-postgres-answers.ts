import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'

const firstPauseMs = 250
const maxPauseMs = 5_000

/**
 * Repeats an attempt until Postgres, and the pooler in front of it, answer.
 * @param onFailure receives each failure that means that they don’t yet, and the milliseconds until the next attempt
 * @returns what the attempt returns
 * @throws what the attempt throws for any other reason
 */
export async function oncePostgresAnswers<T>(
  attempt: () => Promise<T>,
  onFailure: (error: unknown, pauseMs: number) => void,
): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, maxPauseMs))
    try {
      return await attempt()
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error
      onFailure(error, pauseMs)
      await delay(pauseMs)
    }
}
