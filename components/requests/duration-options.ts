const usual = [1, 7, 30, 90] as const

export type DurationOption = { value: string; label: string }

/** Stands for no end date, because a form has no null. */
export const openEnd = 'open'

/**
 * @param longest the maximum in days; null: no maximum, no end date offered too
 * @returns the durations of a role, shortest first
 */
export function durationOptions(longest: number | null): DurationOption[] {
  const days = usual.filter((each) => longest === null || each < longest)
  const options = [...days, ...(longest === null ? [] : [longest])].map((each) => ({
    value: String(each),
    label: `${each} ${each === 1 ? 'day' : 'days'}`,
  }))
  return longest === null ? [...options, { value: openEnd, label: 'No end date' }] : options
}
