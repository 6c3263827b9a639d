/** Whether a row's time is possible. Rows outside of a month (number 0) set their time themselves. */
import type { TrailRow } from '#lib/features/audit/model/sealed-trail.ts'

const minuteMs = 60_000
/** The allowed difference between the clocks of processes and database servers. */
const maxSkewMs = 5 * minuteMs
/** How much later than its transaction’s first row, or than rows with a higher seq, a row may be committed. */
const maxOpenMs = 5 * minuteMs
/** `seal_trail` corrects rows that are more than a minute late (prisma/migrations). Later ones are noted. */
const noteAfterMs = 1.5 * minuteMs
/** A worker seals twice a second. Rows that waited longer are noted. */
const noteWaitingMs = 5 * minuteMs
/** An outcome is retried for ten minutes (lib/kernel/trail/persist-outcomes.ts). */
const maxLateMs = 30 * minuteMs
/** An API server buffers events that it can't deliver. Later ones are noted. */
const maxLateOfClusterMs = 24 * 60 * minuteMs

export type Clock = {
  /** The latest recorded_at so far, in milliseconds. */
  recorded: number
  /** When the previous block was sealed. */
  sealed: number
}

/**
 * @returns the problem with a row's times, or null.
 * @param late its seq is lower than one sealed before
 */
export function faultOfTimes(row: TrailRow, sealedAt: string, late: boolean, clock: Clock): string | null {
  const recorded = Date.parse(row.recordedAt)
  const at = Date.parse(row.at)
  if (Number.isNaN(recorded) || Number.isNaN(at)) return 'its times are invalid'
  if (recorded > Date.parse(sealedAt) + maxSkewMs) return `it was sealed at ${sealedAt}, before it was recorded`
  if (late && recorded < clock.sealed - maxOpenMs)
    return `its recorded time is ${row.recordedAt}, but it was missing when later rows were sealed at ${new Date(clock.sealed).toISOString()}`
  const month = Number(row.seq.slice(0, -12)) || 0
  if (month > 0) {
    if (!late && recorded < clock.recorded - maxOpenMs)
      return `its recorded time is ${row.recordedAt}, but earlier rows were recorded at ${new Date(clock.recorded).toISOString()}`
    // A later month is possible: a row of a transaction that was held open has the time of its sealing.
    if (monthOf(recorded + maxOpenMs) < month)
      return `its recorded time is ${row.recordedAt}, but its seq belongs to another month`
  }
  if (at > recorded + maxSkewMs) return `it happened at ${row.at}, but was recorded before, at ${row.recordedAt}`
  if (!isReported(row) && at < recorded - maxLateMs)
    return `it happened at ${row.at}, but was recorded long after, at ${row.recordedAt}`
  return null
}

/** @returns whether a row with possible times came into the chain later than they suggest. Same parameters as above. */
export function isLate(row: TrailRow, sealedAt: string, late: boolean, clock: Clock): boolean {
  if (row.seq.length <= 12) return false
  const recorded = Date.parse(row.recordedAt)
  return (
    recorded < Date.parse(sealedAt) - noteWaitingMs || recorded < (late ? clock.sealed : clock.recorded) - noteAfterMs
  )
}

/** A cluster’s report is as late as the cluster was disconnected. */
const isReported = ({ observer, route }: TrailRow): boolean => route !== null && observer.startsWith('cluster/')

/** @returns whether a cluster reported the row long after it happened */
export const isReportedLate = (row: TrailRow): boolean =>
  isReported(row) && Date.parse(row.at) < Date.parse(row.recordedAt) - maxLateOfClusterMs

/** @returns whether the database corrected a time of the row, or the row claims so */
export const isCorrected = ({ detail }: TrailRow): boolean =>
  detail.includes('"claimedAt"') || detail.includes('"insertedAt"')

function monthOf(ms: number): number {
  const date = new Date(ms)
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1
}
