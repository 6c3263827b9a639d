import type { EventGroup } from './event.ts'

/** Groups of events that people get by mail or webhook unless they choose otherwise. */
export const sentByDefault: Readonly<Record<EventGroup, boolean>> = {
  waiting: true,
  decided: true,
  access: false,
  spaces: false,
  endings: true,
}

export type EventChoices = Readonly<Record<EventGroup, boolean>>
