import type { ShownHealth } from '#lib/kernel/model/spaces/space-health.ts'
import { type SpaceStatus, statusLabels } from '#lib/kernel/model/spaces/space-status.ts'
import { healthInWords, worstInWords } from './health-words.ts'
import { SpaceState } from './space-state.tsx'

type Props = {
  status: SpaceStatus
  health: ShownHealth
  waitsForCluster: boolean
  /** On the space's own page, where changes are announced. */
  live?: boolean
}

/** A space’s status; for a ready one, what is wrong inside. */
export function HealthBadge({ status, health, waitsForCluster, live = false }: Props) {
  const role = live ? { role: 'status' as const } : {}
  if (waitsForCluster && (status === 'failed' || status === 'creating'))
    return (
      <SpaceState state="waiting" {...role}>
        Waiting for the cluster
      </SpaceState>
    )
  if (health === 'outdated')
    return (
      <span title="Spaceport couldn’t read it on the cluster for more than a minute">
        <SpaceState state="unknown" {...role}>
          Unknown
        </SpaceState>
      </span>
    )
  if (status !== 'ready' || health === null)
    return (
      <SpaceState state={status} {...role}>
        {statusLabels[status]}
      </SpaceState>
    )
  return (
    <span title={worstInWords(health)}>
      <SpaceState state={health.state} {...role}>
        {healthInWords(health)}
      </SpaceState>
    </span>
  )
}
