import { z } from 'zod'
import { type EventChoices, sentByDefault } from './event-choices.ts'

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
