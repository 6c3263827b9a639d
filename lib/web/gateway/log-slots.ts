import 'server-only'
import { takeSlot } from '#lib/web/process/take-slot.ts'

const atOnce = { name: 'logs', most: 4, sentence: 'Four pages with logs are open already. Close one and reload.' }

/** Takes one of the readings of logs that a person may have in progress. @returns, @throws as takeSlot */
export const takeLogSlot = (userId: string): (() => void) => takeSlot(atOnce, userId)
