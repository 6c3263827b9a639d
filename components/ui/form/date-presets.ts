import { dayMs } from '#lib/kernel/model/duration.ts'

const presets = [
  { label: 'Tomorrow', after: 0 },
  { label: '7 days', after: 6 },
  { label: '30 days', after: 29 },
] as const

/**
 * @returns preset days, `YYYY-MM-DD`, none after `max`.
 * @param tomorrow from the server: days are UTC
 */
export const datePresets = (tomorrow: string, max?: string): { label: string; day: string }[] =>
  presets
    .map(({ label, after }) => ({
      label,
      day: new Date(Date.parse(tomorrow) + after * dayMs).toISOString().slice(0, 10),
    }))
    .filter(({ day }) => max === undefined || day <= max)
