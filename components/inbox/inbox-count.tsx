'use client'

import { useEffect, useState } from 'react'
import { inFew, keepCountInTitle } from './count-in-title.ts'
import { onNotification } from './notification.ts'

type Props = {
  /** How much waits for the person or is unread; 100 is as far as it counts. */
  count: number
  /** When it was counted, in milliseconds since the epoch. */
  at: number
}

/** How much is in the inbox, in the header and in the browser’s title: the page’s word, or a newer one of the stream. */
export function InboxCount({ count, at }: Props) {
  const [heard, setHeard] = useState({ count, at })
  useEffect(() => onNotification(setHeard), [])
  const now = heard.at > at ? heard.count : count
  useEffect(() => keepCountInTitle(now), [now])
  return now === 0 ? null : (
    <span className="rounded-full bg-accent-fill px-1.5 text-on-fill text-xs">
      {inFew(now)}
      <span className="sr-only"> waiting or unread</span>
    </span>
  )
}
