const dayMs = 86_400_000

/** @returns the day (UTC) of an instant as date inputs take it: `YYYY-MM-DD`; empty for none */
export const dayOf = (at: Date | null): string => at?.toISOString().slice(0, 10) ?? ''

/** @returns the day after an instant's, the first that may be chosen as a last day */
export const dayAfter = (at: Date): string => dayOf(new Date(at.getTime() + dayMs))
