import { dayMs } from '#lib/kernel/model/duration.ts'

/** What ends, and when; null: it doesn't. How long a kubeconfig lives depends on who made it, so it says when it began. */
export type Ending =
  | { kind: 'space' | 'role'; endsAt: Date | null }
  | { kind: 'credential'; createdAt: Date; endsAt: Date }

/** `soon`: told where it is shown. `near`: told so that nobody misses it. */
export type EndingStage = 'soon' | 'near'

/** From so long before its end on, a space or a role ends soon. */
export const soonMs = 7 * dayMs
const nearMs = 3 * dayMs

/**
 * The one place that says what ends soon: a space or a role from seven days before on, and from three so that nobody
 * misses it; a kubeconfig in its last day, its last three days if it lives for more than a week, but never in the first
 * half of its life, since one for eight hours is new when it begins.
 * @returns null: it ends later, never, or has ended
 */
export function endingOf(ending: Ending, now: Date): EndingStage | null {
  if (ending.endsAt === null) return null
  const left = ending.endsAt.getTime() - now.getTime()
  if (left <= 0) return null
  if (ending.kind === 'credential') {
    const life = ending.endsAt.getTime() - ending.createdAt.getTime()
    return left <= Math.min(life > soonMs ? nearMs : dayMs, life / 2) ? 'near' : null
  }
  if (left <= nearMs) return 'near'
  return left <= soonMs ? 'soon' : null
}
