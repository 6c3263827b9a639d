import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import type { HealthState, ShownHealth } from '#lib/kernel/model/spaces/space-health.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'
import { healthInWords, worstInWords } from './health-words.ts'
import { SpaceStatusBadge } from './space-status-badge.tsx'

const looks: Readonly<Record<HealthState, { tone: BadgeTone; icon: IconName }>> = {
  failing: { tone: 'bad', icon: 'alert-circle' },
  quota: { tone: 'warn', icon: 'alert-triangle' },
  starting: { tone: 'warn', icon: 'clock' },
}

type Props = { status: SpaceStatus; health: ShownHealth; waitsForCluster: boolean; live?: boolean }

/** A space’s status; for a ready one, what is wrong inside. `live` as for SpaceStatusBadge. */
export function HealthBadge({ status, health, waitsForCluster, live }: Props) {
  if (waitsForCluster && (status === 'failed' || status === 'creating'))
    return (
      <Badge tone="warn" icon="clock" {...(live && { role: 'status' })}>
        Waiting for the cluster
      </Badge>
    )
  if (health === 'outdated')
    return (
      <span title="Spaceport couldn’t read it on the cluster for more than a minute">
        <Badge tone="neutral" icon="clock" {...(live && { role: 'status' })}>
          Unknown
        </Badge>
      </span>
    )
  if (status !== 'ready' || health === null) return <SpaceStatusBadge status={status} {...(live && { live })} />
  return (
    <span title={worstInWords(health)}>
      <Badge {...looks[health.state]} {...(live && { role: 'status' })}>
        {healthInWords(health)}
      </Badge>
    </span>
  )
}
