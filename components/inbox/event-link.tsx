'use client'

import { type ReactNode, startTransition } from 'react'
import type { FormAction } from '#components/ui/action-form.tsx'
import { RowLink } from '#components/ui/row-link.tsx'
import { idle } from '#lib/domain/action-state.ts'

type Props = { href: string; children: ReactNode; id: string; unread: boolean; markRead: FormAction }

/** Goes to what an event is about. Whoever opens it has read it. */
export function EventLink({ href, children, id, unread, markRead }: Props) {
  function read() {
    if (!unread) return
    const form = new FormData()
    form.set('id', id)
    startTransition(async () => {
      // The page opens all the same; what stays unread can be marked in the list.
      await markRead(idle, form).catch(() => undefined)
    })
  }
  return (
    <RowLink href={href} onClick={read}>
      {children}
    </RowLink>
  )
}
