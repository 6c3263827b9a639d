const usual = [1, 7, 30, 90] as const

export type DurationOption = { value: string; label: string }

/** The value that stands for "with no end"; a form has no null. */
export const openEnd = 'open'

/**
 * @param longest the longest in days that can be chosen; null: also with no end
 * @returns for how long a role can be had, from the least to the most
 */
export function durationOptions(longest: number | null): DurationOption[] {
  const days = usual.filter((each) => longest === null || each < longest)
  const options = [...days, ...(longest === null ? [] : [longest])].map((each) => ({
    value: String(each),
    label: `${each} ${each === 1 ? 'day' : 'days'}`,
  }))
  return longest === null ? [...options, { value: openEnd, label: 'No end date' }] : options
}
