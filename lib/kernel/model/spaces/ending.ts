import { dayMs } from '#lib/kernel/model/duration.ts'

/** Something that ends; null: it doesn't. The lifetime of a kubeconfig varies, so it has its start too. */
export type Ending =
  | { kind: 'space' | 'role'; endsAt: Date | null }
  | { kind: 'credential'; createdAt: Date; endsAt: Date }

/** `soon`: shown in place. `near`: highlighted. */
export type EndingStage = 'soon' | 'near'

/** Spaces and roles end soon from this long before their end. */
export const soonMs = 7 * dayMs
const nearMs = 3 * dayMs

/**
 * Decides what ends soon. A space or a role: from seven days before, highlighted from three. A kubeconfig: in its last
 * day, or last three if it lives longer than a week, but not in its first half, so that one for eight hours isn't
 * marked when new.
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
