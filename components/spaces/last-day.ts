const dayMs = 86_400_000

/** @returns an instant's day (UTC) as date inputs expect it: `YYYY-MM-DD`, or empty */
export const dayOf = (at: Date | null): string => at?.toISOString().slice(0, 10) ?? ''

/** @returns the day after an instant, the earliest possible last day */
export const dayAfter = (at: Date): string => dayOf(new Date(at.getTime() + dayMs))
