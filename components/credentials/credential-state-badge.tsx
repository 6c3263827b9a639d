import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import type { CredentialView } from '#lib/kernel/model/people/credential-view.ts'

const looks: Readonly<Record<CredentialView['state'], { tone: BadgeTone; icon: IconName; word: string }>> = {
  active: { tone: 'ok', icon: 'check-circle', word: 'Active' },
  ended: { tone: 'neutral', icon: 'clock', word: 'Expired' },
  revoked: { tone: 'neutral', icon: 'x', word: 'Revoked' },
}

/** A credential's state in one word. */
export function CredentialStateBadge({ state }: { state: CredentialView['state'] }) {
  const { tone, icon, word } = looks[state]
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  )
}
