const usual = [1, 7, 30, 90] as const

export type DurationOption = { value: string; label: string }

/** Stands for no end date, because a form has no null. */
export const openEnd = 'open'

/**
 * @param maxDays the maximum in days; null: no maximum, no end date offered too
 * @returns the durations of a role, shortest first
 */
export function durationOptions(maxDays: number | null): DurationOption[] {
  const days = usual.filter((each) => maxDays === null || each < maxDays)
  const options = [...days, ...(maxDays === null ? [] : [maxDays])].map((each) => ({
    value: String(each),
    label: `${each} ${each === 1 ? 'day' : 'days'}`,
  }))
  return maxDays === null ? [...options, { value: openEnd, label: 'No end date' }] : options
}
