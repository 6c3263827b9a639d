import { dayMs, hourMs } from '#lib/kernel/model/duration.ts'

/** How many days before it ends a thing is told of. Days are calendar days, UTC. */
export const daysBefore: readonly number[] = [7, 3, 1]

/** Early in the working day where most of the world’s offices open within a few hours of each other, UTC. */
const dueMs = 6 * hourMs

/** @param day as 2026-11-27 @returns when that day’s digest is due */
export const digestDueAt = (day: string): Date => new Date(Date.parse(`${day}T00:00:00Z`) + dueMs)

/** @returns the day of the last digest that was due at an instant, as 2026-11-27 */
export const lastDigestDay = (at: Date): string => new Date(at.getTime() - dueMs).toISOString().slice(0, 10)

/** @returns the first instant of the day after the last one on which something may end that a day’s digest tells of */
export const digestReaches = (day: string): Date =>
  new Date(Date.parse(`${day}T00:00:00Z`) + (Math.max(...daysBefore) + 1) * dayMs)
