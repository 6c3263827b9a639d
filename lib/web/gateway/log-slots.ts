import 'server-only'
import { takeSlot } from '#lib/web/process/take-slot.ts'

const atOnce = { name: 'logs', most: 4, sentence: 'Four pages with logs are open already. Close one and reload.' }

/**
 * Takes one of a person's slots for reading logs.
 * @returns,
 * @throws as takeSlot
 */
export const takeLogSlot = (userId: string): (() => void) => takeSlot(atOnce, userId)
