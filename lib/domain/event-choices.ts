import { z } from 'zod'
import type { EventGroup } from './event.ts'

/** Which groups of events reach people, by mail or by their webhook, unless they choose otherwise. */
export const sentByDefault: Readonly<Record<EventGroup, boolean>> = {
  waiting: true,
  decided: true,
  access: false,
  spaces: false,
  endings: true,
}

export type EventChoices = Readonly<Record<EventGroup, boolean>>

/** Each group: whether it reaches the person. */
export const eventChoices = z.strictObject({
  waiting: z.boolean(),
  decided: z.boolean(),
  access: z.boolean(),
  spaces: z.boolean(),
  endings: z.boolean(),
})

/** @returns stored choices, with the defaults for what the person has not chosen */
export const parseEventChoices = (stored: unknown): EventChoices =>
  eventChoices.strip().parse({ ...sentByDefault, ...Object(stored) })
