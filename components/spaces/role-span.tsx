import { askPath } from '#components/requests/request-again.ts'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { EndingChip } from '#components/ui/time/ending-chip.tsx'
import { untilInWords } from '#components/ui/time/time-in-words.ts'
import type { Role, Standing } from '#lib/kernel/model/access/role.ts'
import { endingOf } from '#lib/kernel/model/spaces/ending.ts'
import type { SpaceAddress } from './space-path.ts'
import { standingLabel } from './standing-label.ts'

type Props = {
  address: SpaceAddress
  standing: Standing | null
  endsAt: string | null
  later: { role: Role; startsAt: string } | null
  now: Date
}

/** Beside a role in a list: when it ends, a link to ask for more time if that is soon, and what starts later. */
export const RoleSpan = ({ address, standing, endsAt, later, now }: Props) => (
  <>
    {endsAt && standing && standing !== 'owner' && (
      <RoleEnd address={address} role={standing} endsAt={endsAt} now={now} />
    )}
    {later && (
      <span className="block text-muted text-xs">
        {standingLabel(later.role)} from <AbsoluteTime at={later.startsAt} to="day" />
      </span>
    )}
  </>
)

function RoleEnd({ address, role, endsAt, now }: { address: SpaceAddress; role: Role; endsAt: string; now: Date }) {
  const at = new Date(endsAt)
  if (!endingOf({ kind: 'role', endsAt: at }, now))
    return (
      <span className="folds-first text-muted text-xs">
        Ends <AbsoluteTime at={endsAt} to="day" />
      </span>
    )
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs">
      <EndingChip at={endsAt}>{untilInWords(at, now)}</EndingChip>
      <a href={askPath(address, role, 'extend-role')} className="text-link whitespace-nowrap">
        Ask for more
      </a>
    </span>
  )
}
