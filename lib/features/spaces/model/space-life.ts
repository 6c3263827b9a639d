import type { PlatformRole, Standing } from '#lib/kernel/model/access/role.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'

/** What limits changes to a space’s end: its current end, and the approved one (null: no such limit). */
type Life = { endsAt: Date | null; approvedUntil: Date | null }

/**
 * The only place that decides whether a later end needs approval: when it is after the approved one.
 * @param end the requested end; null: none
 */
export function lifeNeedsApproval({ endsAt, approvedUntil }: Life, end: Date | null): boolean {
  if (approvedUntil === null || (end !== null && end <= approvedUntil)) return false
  return end?.getTime() !== endsAt?.getTime()
}

type Viewer = { platformRole: PlatformRole; standing: Standing | null }

/**
 * @returns whether the person extends a space beyond its approval without a request: platform admins may, except for
 * their own
 */
export const extendsAsPlatformAdmin = ({ platformRole, standing }: Viewer): boolean =>
  platformRole === 'admin' && standing !== 'owner'

/** How many days one press of the button adds. */
const keptDays = 30

/**
 * What a person can do to keep a space longer: keep it until `end`, request more time, ask someone who may, change it
 * in Git, or nothing, because it has the latest end that the policy allows.
 */
export type LongerLife = { way: 'keep'; end: Date } | { way: 'request' | 'ask' | 'none' | 'git' }

/**
 * @param may whether they may change the end, and whether they may request a later one than approved
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

/** The last day counts in full, in UTC (app/form-fields.ts). */
const endOfDay = (at: Date): Date => new Date(`${at.toISOString().slice(0, 10)}T23:59:59Z`)
