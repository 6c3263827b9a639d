import 'server-only'
import { createCounts } from '#lib/kernel/model/counts.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'

/** A limit on how many of one kind a person may have at once, in this process. */
export type Slots = {
  name: string
  most: number
  /** The limit for all people together; undefined: none. */
  mostOfAll?: number
  sentence: string
}

/** Not a valid user id. */
const all = ''

/**
 * Takes one of a person's slots.
 * @returns a function that releases it; calling it again does nothing
 * @throws AppError rate_limited when all are taken
 */
export function takeSlot({ name, most, mostOfAll = Infinity, sentence }: Slots, userId: string): () => void {
  const taken = processValue(`slots-${name}`, createCounts)
  if (taken.of(userId) >= most || taken.of(all) >= mostOfAll) throw new AppError('rate_limited', { sentence })
  const count = (more: number) => {
    taken.add(userId, more)
    taken.add(all, more)
  }
  count(1)
  let isTaken = true
  return () => {
    if (!isTaken) return
    isTaken = false
    count(-1)
  }
}
