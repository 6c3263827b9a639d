'use client'

import { useEffect, useState } from 'react'
import { inFew, keepCountInTitle } from './count-in-title.ts'
import { onNotification } from './notification.ts'

type Props = {
  /** Waiting and unread items, at most 100. */
  count: number
  /** When it was counted, in milliseconds since the epoch. */
  at: number
}

/** The inbox count in the header and the browser's title, from the page or from a newer message of the stream. */
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
