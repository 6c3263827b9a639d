const usual = [1, 7, 30, 90] as const

export type DurationOption = { value: string; label: string }

const label = (days: number) => `${days} ${days === 1 ? 'day' : 'days'}`

/** The value that stands for "with no end"; FormData has no null. */
export const openEnd = 'open'

/**
 * @param maxDays what policy gives at most; undefined: the server judges
 * @param asked what was asked for, always among the choices, null is open
 * @returns for how long a role can be given, from the least to the most
 */
export function durationOptions(maxDays?: number, asked?: number | null): DurationOption[] {
  const days = new Set<number>(usual.filter((each) => maxDays === undefined || each <= maxDays))
  if (typeof asked === 'number') days.add(asked)
  const options = [...days].sort((a, b) => a - b).map((each) => ({ value: String(each), label: label(each) }))
  return asked === null || maxDays === undefined ? [...options, { value: openEnd, label: 'With no end' }] : options
}
