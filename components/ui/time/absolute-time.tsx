'use client'

import { timeInFull, timeInWords, timeToMinute, timeToSecond } from './time-in-words.ts'
import { useOwnZone } from './use-own-zone.ts'

/**
 * An instant to the minute, or to the second: in UTC as the server renders it, then in the reader’s own zone. The seconds and how long ago
 * it was are in its title.
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
