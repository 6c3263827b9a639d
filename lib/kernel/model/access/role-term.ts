import { dayMs } from '#lib/kernel/model/duration.ts'
import type { RolePayload } from '#lib/kernel/model/requests/access-request.ts'

export type RoleTerm = {
  /** From its start; null: until it is removed. */
  minutes: number | null
  /** Earliest start; null: at the approval. */
  startsAt: Date | null
}

export const shortestRoleMinutes = 15
export const longestRoleMinutes = 365 * 1_440
export const furthestStartDays = 30

const minuteMs = 60_000

export const termOf = ({ minutes, startsAt }: RolePayload): RoleTerm => ({
  minutes,
  startsAt: startsAt === null ? null : new Date(startsAt),
})

/**
 * @param approvedAt the instant of the approval
 * @returns when a role starts (at the approval, or at its scheduled time if later) and ends (null: no end)
 */
export function spanOf({ minutes, startsAt }: RoleTerm, approvedAt: Date): { startsAt: Date; endsAt: Date | null } {
  const start = startsAt && startsAt > approvedAt ? startsAt : approvedAt
  return { startsAt: start, endsAt: minutes === null ? null : new Date(start.getTime() + minutes * minuteMs) }
}

/** @returns the shorter duration in minutes; null: no end */
export const shorterOf = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b)

export const furthestStart = (now: Date): Date => new Date(now.getTime() + furthestStartDays * dayMs)

/** @returns a duration without rounding: "90 minutes", "4 hours", "7 days" */
export function minutesInWords(minutes: number): string {
  const [count, unit] =
    minutes % 1_440 === 0 ? [minutes / 1_440, 'day'] : minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
