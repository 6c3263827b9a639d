import { dayMs } from '#lib/kernel/model/duration.ts'

const presets = [
  { label: 'Tomorrow', days: 1 },
  { label: '7 days', days: 7 },
  { label: '30 days', days: 30 },
] as const

/** @returns the day, `YYYY-MM-DD`, in some days from today */
export const dayIn = (tomorrow: string, days: number): string =>
  new Date(Date.parse(tomorrow) + (days - 1) * dayMs).toISOString().slice(0, 10)

/**
 * @returns preset days, `YYYY-MM-DD`, none after `max`.
 * @param tomorrow from the server: days are UTC
 */
export const datePresets = (tomorrow: string, max?: string): { label: string; day: string }[] =>
  presets
    .map(({ label, days }) => ({ label, day: dayIn(tomorrow, days) }))
    .filter(({ day }) => max === undefined || day <= max)
