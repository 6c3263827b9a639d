'use client'

import { Badge } from '#components/ui/badge.tsx'
import { timeInFull } from './time-in-words.ts'
import { useOwnZone } from './use-own-zone.ts'

type Props = {
  at: Date | string
  /** What ends when, in words. */
  children: string
}

/** Warns of an end that is near. The title has the time in the reader’s own zone. */
export function EndingChip({ at, children }: Props) {
  const local = useOwnZone()
  const date = new Date(at)
  return (
    <Badge tone="warn" icon="clock">
      <time dateTime={date.toISOString()} title={timeInFull(date, local)}>
        {children}
      </time>
    </Badge>
  )
}
