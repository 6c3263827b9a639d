/** Whether a row can have been written when it says. Rows whose number has no month (0) give the time themselves. */
import type { TrailRow } from '#lib/features/audit/model/sealed-trail.ts'

const minuteMs = 60_000
/** By how much clocks of processes and of database servers may differ. */
const maxSkewMs = 5 * minuteMs
/** How much later than its transaction’s first row, or than rows with a higher seq, a row may be committed. */
const maxOpenMs = 5 * minuteMs
/** `seal_trail` corrects a row that is later than a minute (prisma/migrations): beyond this, it is noted. */
const noteAfterMs = 1.5 * minuteMs
/** A worker seals twice a second: a row that waited for longer is noted. */
const noteWaitingMs = 5 * minuteMs
/** An outcome is tried again for ten minutes (lib/kernel/trail/persist-outcomes.ts). */
const maxLateMs = 30 * minuteMs
/** An API server holds what it could not deliver: beyond this, it is noted. */
const maxLateOfClusterMs = 24 * 60 * minuteMs

export type Clock = {
  /** The latest recorded_at so far, in milliseconds. */
  recorded: number
  /** When the block before was sealed. */
  sealed: number
}

/** @returns what is wrong with a row's times, or null. @param late its seq is below one that was sealed before */
export function faultOfTimes(row: TrailRow, sealedAt: string, late: boolean, clock: Clock): string | null {
  const recorded = Date.parse(row.recordedAt)
  const at = Date.parse(row.at)
  if (Number.isNaN(recorded) || Number.isNaN(at)) return 'its times are none'
  if (recorded > Date.parse(sealedAt) + maxSkewMs) return `it was sealed at ${sealedAt}, before it was recorded`
  if (late && recorded < clock.sealed - maxOpenMs)
    return `it says that it was recorded at ${row.recordedAt}, but it was not there when later rows were sealed at ${new Date(clock.sealed).toISOString()}`
  const month = Number(row.seq.slice(0, -12)) || 0
  if (month > 0) {
    if (!late && recorded < clock.recorded - maxOpenMs)
      return `it says that it was recorded at ${row.recordedAt}, but rows before it were at ${new Date(clock.recorded).toISOString()}`
    // A later month is possible: a row that was held open has the time at which it was sealed.
    if (monthOf(recorded + maxOpenMs) < month)
      return `it says that it was recorded at ${row.recordedAt}, but its seq is of another month`
  }
  if (at > recorded + maxSkewMs)
    return `it says that it happened at ${row.at}, but it was recorded before, at ${row.recordedAt}`
  if (!isReported(row) && at < recorded - maxLateMs)
    return `it says that it happened at ${row.at}, but it was recorded long after, at ${row.recordedAt}`
  return null
}

/** @returns whether a row whose times are possible came into the chain later than it says. The parameters as above. */
export function isLate(row: TrailRow, sealedAt: string, late: boolean, clock: Clock): boolean {
  if (row.seq.length <= 12) return false
  const recorded = Date.parse(row.recordedAt)
  return (
    recorded < Date.parse(sealedAt) - noteWaitingMs || recorded < (late ? clock.sealed : clock.recorded) - noteAfterMs
  )
}

/** A cluster’s word, which comes as late as the cluster was cut off. */
const isReported = ({ observer, route }: TrailRow): boolean => route !== null && observer.startsWith('cluster/')

/** @returns whether a cluster reported the row long after it says that it happened */
export const isReportedLate = (row: TrailRow): boolean =>
  isReported(row) && Date.parse(row.at) < Date.parse(row.recordedAt) - maxLateOfClusterMs

/** @returns whether the database corrected a time of the row, or the row says so */
export const isCorrected = ({ detail }: TrailRow): boolean =>
  detail.includes('"claimedAt"') || detail.includes('"insertedAt"')

function monthOf(ms: number): number {
  const date = new Date(ms)
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1
}
