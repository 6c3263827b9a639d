/** How many days before somebody is deactivated for not being seen they are told: both times, or nothing happens. */
export const unseenWarning = { first: 14, second: 3 } as const

/** @returns why somebody was deactivated whom nobody had seen for as long as the policy says */
export const unseenReason = (days: number): string => `unseen for ${days} days`
