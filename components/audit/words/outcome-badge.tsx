import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'

type Outcome = AuditRow['outcome']

const looks: Readonly<Record<Outcome, { tone: BadgeTone; icon: IconName; word: string }>> = {
  ok: { tone: 'ok', icon: 'check', word: 'Done' },
  refused: { tone: 'warn', icon: 'lock', word: 'Refused' },
  failed: { tone: 'bad', icon: 'alert-circle', word: 'Failed' },
  unknown: { tone: 'neutral', icon: 'info', word: 'Unknown' },
}

/** The outcomes and their labels, for a filter. */
export const outcomeOptions = Object.entries(looks).map(([value, { word }]) => ({ value, label: word }))

export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const { tone, icon, word } = looks[outcome]
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  )
}
