import type { ShownHealth } from '#lib/kernel/model/spaces/space-health.ts'
import type { SpaceStatus as Status } from '#lib/kernel/model/spaces/space-status.ts'
import { healthInWords, worstInWords } from './health-words.ts'
import { SpaceStatus } from './space-status.tsx'
import { StateLabel } from './state-label.tsx'

type Props = {
  status: Status
  health: ShownHealth
  waitsForCluster: boolean
  /** On the space's own page, where changes are announced. */
  live?: boolean
}

/** A space’s status; for a ready one, what is wrong inside. */
export function SpaceCondition({ status, health, waitsForCluster, live = false }: Props) {
  const role = live ? { role: 'status' as const } : {}
  if (waitsForCluster && (status === 'failed' || status === 'creating'))
    return (
      <StateLabel state="waiting" {...role}>
        Waiting for the cluster
      </StateLabel>
    )
  if (health === 'outdated')
    return (
      <span title="Spaceport couldn’t read it on the cluster for more than a minute">
        <StateLabel state="unknown" {...role}>
          Unknown
        </StateLabel>
      </span>
    )
  if (status !== 'ready' || health === null) return <SpaceStatus status={status} {...role} />
  return (
    <span title={worstInWords(health)}>
      <StateLabel state={health.state} {...role}>
        {healthInWords(health)}
      </StateLabel>
    </span>
  )
}
