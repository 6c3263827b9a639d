/** Days before deactivation at which an inactive person is warned. Without both warnings, they are not deactivated. */
export const unseenWarning = { first: 14, second: 3 } as const

/** @returns the reason for deactivating a person after the policy's days of inactivity */
export const unseenReason = (days: number): string => `unseen for ${days} days`
