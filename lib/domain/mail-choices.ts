import { z } from 'zod'
import type { EventGroup } from './event.ts'

/** Which groups of events reach people by mail unless they choose otherwise. */
export const mailedByDefault: Readonly<Record<EventGroup, boolean>> = {
  waiting: true,
  decided: true,
  access: false,
  spaces: false,
  endings: true,
}

export type MailChoices = Readonly<Record<EventGroup, boolean>>

const { waiting, decided, access, spaces, endings } = mailedByDefault
const choices = z.object({
  waiting: z.boolean().default(waiting),
  decided: z.boolean().default(decided),
  access: z.boolean().default(access),
  spaces: z.boolean().default(spaces),
  endings: z.boolean().default(endings),
})

/** @returns stored choices, with the defaults for what the person has not chosen */
export const parseMailChoices = (stored: unknown): MailChoices => choices.parse(stored)
