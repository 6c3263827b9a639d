import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import type { RequestState } from '#lib/kernel/model/requests/access-request.ts'

const looks: Readonly<Record<RequestState, { tone: BadgeTone; icon: IconName; word: string }>> = {
  open: { tone: 'accent', icon: 'clock', word: 'Open' },
  approved: { tone: 'ok', icon: 'check-circle', word: 'Approved' },
  denied: { tone: 'bad', icon: 'x', word: 'Denied' },
  withdrawn: { tone: 'neutral', icon: 'x', word: 'Withdrawn' },
  expired: { tone: 'neutral', icon: 'clock', word: 'Expired' },
}

export function RequestStateBadge({ state }: { state: RequestState }) {
  const { tone, icon, word } = looks[state]
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  )
}
