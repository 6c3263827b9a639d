import { z } from 'zod'
import type { InboxEvent } from '#lib/kernel/model/inbox/event.ts'

export type InboxRow = { id: string; at: Date; unread: boolean; event: InboxEvent }

/** The last row of a page as text: its instant in milliseconds, and its id. */
export const inboxCursor = z.string().regex(/^\d{1,14}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
