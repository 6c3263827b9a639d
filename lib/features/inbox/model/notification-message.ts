/**
 * Live updates of open pages. A topic names the lists that may have changed. `frame` is everything around the page: the
 * person's role and alarms.
 */
export const topics = ['inbox', 'requests', 'credentials', 'spaces', 'frame'] as const
export type Topic = (typeof topics)[number]

export type NotifiedEvent = {
  id: string
  /** Milliseconds since the epoch. */
  at: number
  sentence: string
  path: string
  isAlarm: boolean
}

export type NotificationMessage = {
  /** When this was read, in milliseconds since the epoch. */
  at: number
  /** Requests waiting for the person plus unread events, at most 100. */
  count: number
  topics: readonly Topic[]
  /** New events, newest first. May repeat after a lost connection. */
  events: readonly NotifiedEvent[]
}

/** Pages that update live, and the topics each shows. */
const followed: readonly [pattern: RegExp, shown: readonly Topic[]][] = [
  [/^\/$/, ['spaces', 'inbox']],
  [/^\/inbox$/, ['inbox', 'requests', 'spaces']],
  [/^\/requests(\/decided|\/open|\/[0-9a-f-]{36})?$/, ['requests']],
  [/^\/admin$/, ['spaces', 'requests', 'inbox']],
  [/^\/admin\/policy$/, ['requests']],
  [/^\/credentials$/, ['credentials']],
]

/** @returns whether a page shows any of these topics */
export const isShownOn = (path: string, changed: readonly Topic[]): boolean =>
  changed.includes('frame') ||
  followed.some(([pattern, shown]) => pattern.test(path) && changed.some((topic) => shown.includes(topic)))

/** The people that a change in the database affects, and which of their lists. */
export type ChangeNotice = { topics: readonly Topic[]; audience: Audience }
type Audience =
  | { person: string }
  /** Everyone who decides by platform role or through a group. */
  | 'deciders'
  /** Everyone who may see a space. */
  | { space: string }
  /** Everyone with a role in a space. */
  | { membersOf: string }
  | 'everybody'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * @param channel of a Postgres notification from the triggers in prisma/migrations
 * @returns the people it affects; null: no lists
 */
export function parseNotification(channel: string, payload: string): ChangeNotice | null {
  if (channel === 'spaceport_session') return toPerson(payload, [])
  const colon = payload.indexOf(':')
  const [kind, rest] = [payload.slice(0, colon), payload.slice(colon + 1)]
  if (channel === 'spaceport_person') {
    if (kind === 'health') return uuid.test(rest) ? { topics: ['spaces'], audience: { membersOf: rest } } : null
    const topic = topics.find((one) => one === kind)
    if (topic === undefined) return null
    return rest === 'deciders' ? { topics: [topic], audience: 'deciders' } : toPerson(rest, [topic])
  }
  if (channel !== 'spaceport_access') return null
  // Their groups, role or active state.
  if (kind === 'user') return toPerson(rest, ['spaces', 'requests'])
  if (kind === 'space') return uuid.test(rest) ? { topics: ['spaces'], audience: { space: rest } } : null
  return kind === 'policy' ? { topics: ['requests'], audience: 'everybody' } : null
}

const toPerson = (person: string, changed: readonly Topic[]): ChangeNotice | null =>
  uuid.test(person) ? { topics: changed, audience: { person } } : null
