import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { type SpaceStatus, statusLabels } from '#lib/kernel/model/spaces/space-status.ts'

const looks: Readonly<Record<SpaceStatus, { tone: BadgeTone; icon: IconName; spinning?: boolean }>> = {
  creating: { tone: 'accent', icon: 'progress', spinning: true },
  ready: { tone: 'ok', icon: 'check-circle' },
  asleep: { tone: 'neutral', icon: 'moon' },
  deleting: { tone: 'warn', icon: 'progress', spinning: true },
  failed: { tone: 'bad', icon: 'alert-circle' },
  deleted: { tone: 'neutral', icon: 'trash' },
}

/** A space's status in one word. `live`: on the space's own page, where changes are announced. */
export function SpaceStatusBadge({ status, live }: { status: SpaceStatus; live?: boolean }) {
  return (
    <Badge {...looks[status]} {...(live && { role: 'status' })}>
      {statusLabels[status]}
    </Badge>
  )
}
