import type { HealthState } from '#lib/kernel/model/spaces/space-health.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

/** What is shown of a space in one glyph: its status, and for a ready one what is wrong inside. */
export type SpaceState = SpaceStatus | HealthState | 'waiting' | 'unknown'

/** The class of the ink that belongs to each state. */
export const spaceInks: Readonly<Record<SpaceState, string>> = {
  ready: 'text-ok',
  failing: 'text-bad',
  failed: 'text-bad',
  quota: 'text-warn',
  starting: 'text-warn',
  waiting: 'text-warn',
  creating: 'text-accent',
  deleting: 'text-warn',
  asleep: 'text-muted',
  unknown: 'text-muted',
  deleted: 'text-muted',
}
