'use client'

import { type ReactNode, useId } from 'react'
import { groupRepeats } from '#components/audit/words/group-repeats.ts'
import { dayKey, dayTitle, zoneName } from '#components/ui/time/time-in-words.ts'
import { useOwnZone } from '#components/ui/time/use-own-zone.ts'

type Props<R> = {
  rows: readonly R[]
  heading: 'h2' | 'h3'
  /** @param titleId of the heading that labels the list */
  list: (rows: readonly R[], titleId: string) => ReactNode
}

/** Rows grouped by day: in UTC on the server, then in the reader’s time zone. Rows have only the time of day. */
export function DayGroups<R extends { at: string }>({ rows, heading: Heading, list }: Props<R>) {
  const local = useOwnZone()
  const id = useId()
  return (
    <div className="space-y-4">
      {groupRepeats(rows, ({ at }) => dayKey(new Date(at), local)).map((ofDay) => {
        const at = new Date(ofDay[0].at)
        const day = dayKey(at, local)
        const titleId = `${id}-${day}`
        return (
          <div key={day} className="[&_:is(a,summary)]:scroll-mt-10">
            <Heading
              id={titleId}
              suppressHydrationWarning
              className="sticky top-0 z-10 bg-canvas py-1.5 font-semibold text-muted text-sm"
            >
              {dayTitle(at, new Date(), local)} <span className="font-normal text-xs">{zoneName(at, local)}</span>
            </Heading>
            {list(ofDay, titleId)}
          </div>
        )
      })}
    </div>
  )
}
