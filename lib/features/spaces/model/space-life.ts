import type { PlatformRole, Standing } from '#lib/kernel/model/access/role.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'

/** What a space’s end may be changed to depends on: its end now, and until when it was approved (null: no such limit). */
type Life = { endsAt: Date | null; approvedUntil: Date | null }

/**
 * The one place that says when more life for a space needs approval: it was approved until a day, and is to live longer.
 * @param end the wished end; null: none
 */
export function lifeNeedsApproval({ endsAt, approvedUntil }: Life, end: Date | null): boolean {
  if (approvedUntil === null || (end !== null && end <= approvedUntil)) return false
  return end?.getTime() !== endsAt?.getTime()
}

type Viewer = { platformRole: PlatformRole; standing: Standing | null }

/** @returns whether somebody extends a space beyond what was approved without a request: platform admins, but not their own */
export const extendsAsPlatformAdmin = ({ platformRole, standing }: Viewer): boolean =>
  platformRole === 'admin' && standing !== 'owner'

/** For how many days more a space is kept at a press of a button. */
const keptDays = 30

/**
 * What somebody can do so that a space lives longer: keep it until `end`, request more time, ask those who may for it,
 * change it in Git, or nothing, because it ends as late as the policy allows.
 */
export type LongerLife = { way: 'keep'; end: Date } | { way: 'request' | 'ask' | 'none' | 'git' }

/**
 * @param may whether they may change the end, and whether they may request one beyond what was approved
 * @param latest the latest end that the policy allows now; null: any
 */
export function longerLife(
  life: Life,
  may: { change: boolean; request: boolean; asPlatformAdmin: boolean },
  { now, latest }: { now: Date; latest: Date | null },
): LongerLife {
  if (!may.change) return { way: 'ask' }
  const approvedUntil = may.asPlatformAdmin ? null : life.approvedUntil
  const kept = new Date(now.getTime() + keptDays * dayMs)
  const bounds = [kept, latest, approvedUntil].filter((bound) => bound !== null)
  const last = endOfDay(new Date(Math.min(...bounds.map((bound) => bound.getTime()))))
  const end = approvedUntil !== null && last > approvedUntil ? new Date(last.getTime() - dayMs) : last
  if (life.endsAt !== null && end > life.endsAt) return { way: 'keep', end }
  return { way: may.request && lifeNeedsApproval({ ...life, approvedUntil }, null) ? 'request' : 'none' }
}

/** A last day counts in full, in UTC (app/form-fields.ts). */
const endOfDay = (at: Date): Date => new Date(`${at.toISOString().slice(0, 10)}T23:59:59Z`)
