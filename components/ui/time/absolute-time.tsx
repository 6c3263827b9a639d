'use client'

import { timeInFull, timeInWords, timeOfDay, timeToDay, timeToMinute, timeToSecond } from './time-in-words.ts'
import { useOwnZone } from './use-own-zone.ts'

const formats = { day: timeToDay, minute: timeToMinute, second: timeToSecond, time: timeOfDay } as const

/**
 * A time to the day, minute or second, or only the time of day, below a heading with the day: in UTC from the server,
 * then in the reader’s own zone. The title has the seconds and the relative time.
 */
export function AbsoluteTime({ at, to = 'minute' }: { at: Date | string; to?: keyof typeof formats }) {
  const local = useOwnZone()
  const date = new Date(at)
  return (
    <time
      dateTime={date.toISOString()}
      title={`${timeInFull(date, local)}, ${timeInWords(date, new Date())}`}
      suppressHydrationWarning
      className="whitespace-nowrap"
    >
      {formats[to](date, local)}
    </time>
  )
}
