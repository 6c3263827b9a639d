import type { EventGroup } from './event.ts'

/** Which groups of events reach people by mail unless they choose otherwise. */
export const mailedByDefault: Readonly<Record<EventGroup, boolean>> = {
  waiting: true,
  decided: true,
  access: false,
  spaces: false,
}
