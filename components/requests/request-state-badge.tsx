import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import type { ShownRequestState } from '#lib/kernel/model/requests/access-request.ts'

const looks: Readonly<Record<ShownRequestState, { tone: BadgeTone; icon: IconName; word: string }>> = {
  open: { tone: 'accent', icon: 'clock', word: 'Open' },
  approved: { tone: 'ok', icon: 'check-circle', word: 'Approved' },
  denied: { tone: 'bad', icon: 'x', word: 'Denied' },
  withdrawn: { tone: 'neutral', icon: 'x', word: 'Withdrawn' },
  closed: { tone: 'neutral', icon: 'x', word: 'Closed' },
  expired: { tone: 'neutral', icon: 'clock', word: 'Expired' },
}

export function RequestStateBadge({ state }: { state: ShownRequestState }) {
  const { tone, icon, word } = looks[state]
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  )
}
