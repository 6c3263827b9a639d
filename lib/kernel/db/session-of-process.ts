/** Each process has its own role, `spaceport_{process}`, with the rights that the process needs (prisma/migrations). */
export type ProcessName = 'web' | 'worker' | 'gateway'

/** Roles that connect: those of the processes, and that of the operator's commands about the trail. */
export type RoleName = ProcessName | 'archiver'

export const roleOf = (name: RoleName): string => `spaceport_${name}`

/** Milliseconds that a statement may take by default. */
export const statementTimeoutMs = 15_000

/** Milliseconds that a statement waits for a lock: less than a transaction has, so that it can say that others were busy. */
export const lockTimeoutMs = 4_000
