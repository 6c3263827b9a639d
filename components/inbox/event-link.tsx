'use client'

import { type ReactNode, startTransition } from 'react'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { formDataOf } from '#components/ui/form/form-data-of.ts'
import { NameLink } from '#components/ui/name-link.tsx'
import { idle } from '#lib/kernel/model/action-state.ts'

type Props = { href: string; children: ReactNode; id: string; unread: boolean; markRead: FormAction }

/** Links to an event's page and marks the event as read. */
export function EventLink({ href, children, id, unread, markRead }: Props) {
  function read() {
    if (!unread) return
    startTransition(async () => {
      // The page opens anyway; an event that stays unread can be marked in the list.
      await markRead(idle, formDataOf({ id })).catch(() => undefined)
    })
  }
  return (
    <NameLink wholeRow href={href} onClick={read}>
      {children}
    </NameLink>
  )
}
