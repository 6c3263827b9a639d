import Link from 'next/link'
import type { MoreRoom } from '#components/audit/more-room.ts'
import { Repeats } from '#components/audit/repeats.tsx'
import { TrailRow } from '#components/audit/trail-row.tsx'
import type { EventRow } from '#components/audit/words/event-row.ts'
import { OutcomeBadge } from '#components/audit/words/outcome-badge.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'

/** What the names and reasons of an activity link to. */
export type ActivityLinks = {
  address: SpaceAddress
  /** Whether the reader may read the trail, and so the stories of people and kubeconfigs. */
  toStories: boolean
  /** Where the reader can get a larger quota, if allowed. */
  more: MoreRoom | null
}

type Props = {
  row: EventRow
  /** Older rows with the same sentence. */
  repeats?: readonly EventRow[]
  links: ActivityLinks
}

export function ActivityEntry({ row, repeats = [], links }: Props) {
  const { usedUp, outcome } = row
  const { address, toStories, more } = links
  const oldest = repeats.at(-1)
  return (
    <TrailRow
      row={row}
      linked={toStories}
      within={address}
      remedy={
        more &&
        usedUp.some((resource) => more.grows.includes(resource)) && (
          <>
            {' '}
            <Link href={more.href} prefetch={false} className="text-link">
              {more.label}
            </Link>
          </>
        )
      }
      marks={outcome !== 'ok' && <OutcomeBadge outcome={outcome} />}
    >
      {oldest && (
        <Repeats count={repeats.length} since={oldest.at}>
          {repeats.map((one) => (
            <ActivityEntry key={one.seq} row={one} links={links} />
          ))}
        </Repeats>
      )}
    </TrailRow>
  )
}
