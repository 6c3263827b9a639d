import { dayMs, hourMs } from '#lib/kernel/model/duration.ts'

/** Days before an end at which to notify. Calendar days, UTC. */
export const daysBefore: readonly number[] = [7, 3, 1]

/** 06:00 UTC: early in the working day of many time zones. */
const dueMs = 6 * hourMs

/**
 * @param day as 2026-11-27
 * @returns when that day's digest is due
 */
export const digestDueAt = (day: string): Date => new Date(Date.parse(`${day}T00:00:00Z`) + dueMs)

/** @returns the day of the last digest due by an instant, as 2026-11-27 */
export const lastDigestDay = (at: Date): string => new Date(at.getTime() - dueMs).toISOString().slice(0, 10)

/** @returns the start of the day after the last one that a day's digest covers */
export const digestReaches = (day: string): Date =>
  new Date(Date.parse(`${day}T00:00:00Z`) + (Math.max(...daysBefore) + 1) * dayMs)
