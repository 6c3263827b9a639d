/** Each process has its own role, `spaceport_{process}`, with only the rights it needs (prisma/migrations). */
export type ProcessName = 'web' | 'worker' | 'gateway'

/** The processes' roles, and one for the operator's commands about the trail. */
export type RoleName = ProcessName | 'archiver'

export const roleOf = (name: RoleName): string => `spaceport_${name}`

/** Default limit of a statement, in milliseconds. */
export const statementTimeoutMs = 15_000

/** Milliseconds that a statement waits for a lock: less than a transaction's limit, so that it can fail as busy. */
export const lockTimeoutMs = 4_000

/** Default limit of a transaction, in milliseconds. */
export const transactionTimeoutMs = 5_000
