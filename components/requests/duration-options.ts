import { minutesInWords } from '#lib/kernel/model/access/role-term.ts'

/** In minutes: an hour, four hours, a day, a week. */
const usual = [60, 240, 1_440, 10_080] as const

export type DurationOption = { value: string; label: string }

/** The form value for no end: forms have no null. */
export const openEnd = 'open'
/** The form value for a typed duration. */
export const exactDuration = 'exact'

const untilRemoved: DurationOption = { value: openEnd, label: 'Until removed' }

/** The durations to request a role for. */
export const askableDurations: readonly DurationOption[] = [
  ...usual.map(option),
  untilRemoved,
  { value: exactDuration, label: 'Exactly…' },
]

/**
 * @param asked the requested minutes; null: no end
 * @returns the durations to approve a role for, shortest first
 */
export function durationOptions(asked: number | null): DurationOption[] {
  const shorter = usual.filter((minutes) => asked === null || minutes < asked).map(option)
  return [...shorter, asked === null ? untilRemoved : option(asked)]
}

function option(minutes: number): DurationOption {
  return { value: String(minutes), label: minutesInWords(minutes) }
}
