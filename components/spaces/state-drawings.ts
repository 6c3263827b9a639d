import type { HealthState } from '#lib/kernel/model/spaces/space-health.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

/** What one glyph shows: a space’s status, what is wrong inside it, or the state of a workload. */
export type State = SpaceStatus | HealthState | 'waiting' | 'unknown' | 'complete' | 'scheduled' | 'suspended'

/** The mark’s hexagon, on a grid of 20 by 20. */
export const hexagon = 'M10 1.75 17.15 5.9v8.2L10 18.25 2.85 14.1V5.9Z'

type Drawing = {
  /** The class of its colour. */
  ink: string
  /** Its six sides, drawn from the top: lengths of line and gap, in sides. Default: closed. */
  sides?: string
  isFilled?: boolean
  isRunning?: boolean
  /** What is inside. */
  inside?: { d: string; isSolid?: boolean }
}

const dot = { d: 'M10 7.4a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2Z', isSolid: true }
const clock = { d: 'M10 6.6V10l2.2 1.4' }
const warning = { d: 'M10 6.2v4.6M10 13.7v.05' }

/** How each state is drawn. No two look alike without colours. */
export const stateDrawings: Readonly<Record<State, Drawing>> = {
  ready: { ink: 'text-ok', inside: dot },
  failing: { ink: 'text-bad', isFilled: true, inside: warning },
  failed: { ink: 'text-bad', isFilled: true, inside: { d: 'm7.6 7.6 4.8 4.8M12.4 7.6l-4.8 4.8' } },
  quota: { ink: 'text-warn', inside: { d: 'M5.2 8.4h9.6v4.4L10 15.6l-4.8-2.8Z', isSolid: true } },
  starting: { ink: 'text-warn', sides: '4 2', inside: dot },
  waiting: { ink: 'text-warn', sides: '0.5 0.5', inside: clock },
  creating: { ink: 'text-accent', sides: '2 4', isRunning: true },
  deleting: { ink: 'text-warn', sides: '0.5 0.5', isRunning: true },
  asleep: { ink: 'text-muted', inside: { d: 'M7 10.4c1.6 1.4 4.4 1.4 6 0' } },
  complete: { ink: 'text-muted', inside: { d: 'm7 10.2 2.1 2.1 4-4.4' } },
  scheduled: { ink: 'text-muted', inside: clock },
  suspended: { ink: 'text-muted', inside: { d: 'M8.3 7.4v5.2M11.7 7.4v5.2' } },
  unknown: { ink: 'text-muted', sides: '0.5 0.5', inside: { d: 'M10 10v.05' } },
  deleted: { ink: 'text-muted', inside: { d: 'M6.8 10h6.4' } },
}
