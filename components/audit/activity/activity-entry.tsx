import Link from 'next/link'
import { AuditSentence } from '#components/audit/audit-sentence.tsx'
import { AroundBadge } from '#components/audit/event/around-badge.tsx'
import type { MoreRoom } from '#components/audit/more-room.ts'
import { Repeats } from '#components/audit/repeats.tsx'
import type { EventRow } from '#components/audit/words/event-row.ts'
import { OutcomeBadge } from '#components/audit/words/outcome-badge.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'

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
  const { at, told: sentence, failure, usedUp, around, reported, outcome } = row
  const { address, toStories, more } = links
  const oldest = repeats.at(-1)
  return (
    <li className="flex flex-col gap-x-4 gap-y-1 px-4 py-3 sm:flex-row sm:items-baseline">
      <div className="min-w-0 flex-1">
        <AuditSentence parts={sentence} linked={toStories} within={address} />
        <span className="block text-muted">
          {failure}
          {more && usedUp.some((resource) => more.grows.includes(resource)) && (
            <>
              {' '}
              <Link href={more.href} prefetch={false} className="text-link">
                {more.label}
              </Link>
            </>
          )}
        </span>
        {reported !== null && <span className="block text-muted text-xs">{reported}</span>}
        {oldest && (
          <Repeats count={repeats.length} since={oldest.at}>
            {repeats.map((one) => (
              <ActivityEntry key={one.seq} row={one} links={links} />
            ))}
          </Repeats>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 sm:shrink-0">
        {around && <AroundBadge />}
        {outcome !== 'ok' && <OutcomeBadge outcome={outcome} />}
        <span className="text-muted">
          <AbsoluteTime at={at} />
        </span>
      </div>
    </li>
  )
}
