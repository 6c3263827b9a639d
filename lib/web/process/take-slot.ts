import 'server-only'
import { createCounts } from '#lib/domain/counts.ts'
import { AppError } from '#lib/domain/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'

/** How many of one kind a person may have in progress at once, in this process. */
export type Slots = { name: string; most: number; sentence: string }

/**
 * Takes one of a person's slots.
 * @returns a function that releases it; calling it again does nothing
 * @throws AppError rate_limited when all are taken
 */
export function takeSlot({ name, most, sentence }: Slots, userId: string): () => void {
  const taken = processValue(`slots-${name}`, createCounts)
  if (taken.of(userId) >= most) throw new AppError('rate_limited', { sentence })
  taken.add(userId, 1)
  let held = true
  return () => {
    if (!held) return
    held = false
    taken.add(userId, -1)
  }
}
