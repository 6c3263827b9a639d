import 'server-only'
import { createSlots } from '#lib/kernel/limits/slots.ts'
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

/**
 * Takes one of a person's slots.
 * @returns a function that releases it; calling it again does nothing
 * @throws AppError rate_limited when all are taken
 */
export function takeSlot({ name, most, mostOfAll, sentence }: Slots, userId: string): () => void {
  const release = processValue(`slots-${name}`, () => createSlots(most, mostOfAll)).take(userId)
  if (!release) throw new AppError('rate_limited', { sentence })
  return release
}
