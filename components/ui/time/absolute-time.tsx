'use client'

import { timeInFull, timeInWords, timeToMinute, timeToSecond } from './time-in-words.ts'
import { useOwnZone } from './use-own-zone.ts'

/**
 * A time to the minute or second: in UTC from the server, then in the reader’s own zone. The title has the seconds and
 * the relative time.
 */
export function AbsoluteTime({ at, seconds = false }: { at: Date | string; seconds?: boolean }) {
  const local = useOwnZone()
  const date = new Date(at)
  return (
    <time
      dateTime={date.toISOString()}
      title={`${timeInFull(date, local)}, ${timeInWords(date, new Date())}`}
      suppressHydrationWarning
      className="whitespace-nowrap"
    >
      {seconds ? timeToSecond(date, local) : timeToMinute(date, local)}
    </time>
  )
}
