import { RelativeTime } from '#components/ui/relative-time.tsx'
import type { Role } from '#lib/domain/role.ts'
import { standingLabel } from './standing-label.ts'

type Props = { endsAt: string | null; later: { role: Role; startsAt: string } | null }

/** Under a role in a list: when it ends, and what begins later. */
export const RoleSpan = ({ endsAt, later }: Props) => (
  <>
    {endsAt && (
      <span className="block text-muted text-xs">
        Ends <RelativeTime at={endsAt} />
      </span>
    )}
    {later && (
      <span className="block text-muted text-xs">
        {standingLabel(later.role)} <RelativeTime at={later.startsAt} />
      </span>
    )}
  </>
)
