import { z } from 'zod'
import { type EventChoices, sentByDefault } from './event-choices.ts'

export const eventChoices = z.strictObject({
  waiting: z.boolean(),
  decided: z.boolean(),
  access: z.boolean(),
  spaces: z.boolean(),
  endings: z.boolean(),
})

/** @returns stored choices, with defaults for unset ones */
export const parseEventChoices = (stored: unknown): EventChoices =>
  eventChoices.strip().parse({ ...sentByDefault, ...Object(stored) })
