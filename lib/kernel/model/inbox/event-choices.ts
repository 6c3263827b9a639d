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
