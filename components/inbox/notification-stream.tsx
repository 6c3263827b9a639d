'use client'

import { usePathname } from 'next/navigation'
import { startTransition, useEffect, useEffectEvent, useState } from 'react'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { formDataOf } from '#components/ui/form/form-data-of.ts'
import { startPace } from '#components/ui/live/live-pace.ts'
import { useRefresh } from '#components/ui/live/page-refresh.ts'
import { showToast } from '#components/ui/show-toast.ts'
import {
  isShownOn,
  type NotificationMessage,
  type NotifiedEvent,
} from '#lib/features/inbox/model/notification-message.ts'
import { idle } from '#lib/kernel/model/action-state.ts'
import { followNotifications } from './follow-notifications.ts'
import { dispatchNotification } from './notification.ts'
import { openNews } from './open-news.ts'

/** Minimum time between two refreshes of the page. */
const restMs = 1_500

type Props = {
  person: string
  /** When the page was rendered, in milliseconds since the epoch. */
  at: number
  markRead: FormAction
}

/**
 * The person's event stream, mounted once in the root layout: refreshes visible lists, and shows other events as toasts
 * with a link.
 */
export function NotificationStream({ person, at, markRead }: Props) {
  const path = usePathname()
  const [after] = useState(at)
  const [news] = useState(openNews)

  const refresh = useRefresh()
  const isShown = useEffectEvent((message: NotificationMessage) => isShownOn(path, message.topics))
  /** Events that the page itself shows need no toast. */
  const isElsewhere = useEffectEvent(
    (event: NotifiedEvent) => path !== '/inbox' && path !== new URL(event.path, window.location.href).pathname,
  )
  const read = useEffectEvent((id: string) => {
    // The page opens anyway; an event that stays unread can be marked in the inbox.
    startTransition(async () => void (await markRead(idle, formDataOf({ id })).catch(() => undefined)))
  })

  useEffect(() => {
    const pace = startPace(refresh, () => restMs)
    const showToasts = () => {
      if (document.hidden) return
      for (const { message, path: href, label, id, isAlarm } of news.take((event) => isElsewhere(event)))
        showToast({
          kind: isAlarm ? 'alarm' : 'news',
          message,
          link: { label, href, onFollow: () => id !== null && read(id) },
        })
    }
    const stop = followNotifications({
      person,
      after,
      onNotification(message) {
        dispatchNotification(message)
        if (isShown(message)) pace.refresh()
        news.add(message.events.filter((event) => event.at > after - missedMs))
        showToasts()
      },
    })
    document.addEventListener('visibilitychange', showToasts)
    return () => {
      document.removeEventListener('visibilitychange', showToasts)
      stop()
      pace.stop()
    }
  }, [person, after, news, refresh])
  return null
}

/** Events this shortly before rendering may be missing from the page. */
const missedMs = 5_000
