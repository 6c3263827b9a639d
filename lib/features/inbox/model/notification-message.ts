/**
 * What somebody who is online is told of. A topic says which lists may have changed; `frame` is what surrounds every
 * page: their role, an alarm.
 */
export const topics = ['inbox', 'requests', 'credentials', 'spaces', 'frame'] as const
export type Topic = (typeof topics)[number]

/** Something that happened to the person: an event of their inbox. */
export type NotifiedEvent = {
  id: string /** Milliseconds since the epoch. */
  at: number
  sentence: string
  path: string
}

/** One message of a person’s stream. */
export type Told = {
  /** When this was read, in milliseconds since the epoch. */
  at: number
  /** How much waits for the person or is unread, at most 100. */
  count: number
  topics: readonly Topic[]
  /** New ones, the newest first. The same one may come again after a lost connection. */
  events: readonly NotifiedEvent[]
}

/** Pages that follow by themselves, each with the topics that it shows. */
const followed: readonly [pattern: RegExp, shown: readonly Topic[]][] = [
  [/^\/$/, ['spaces', 'inbox']],
  [/^\/inbox$/, ['inbox', 'requests', 'spaces']],
  [/^\/requests(\/decided|\/open|\/[0-9a-f-]{36})?$/, ['requests']],
  [/^\/admin$/, ['spaces', 'requests']],
  [/^\/admin\/policy$/, ['requests']],
  [/^\/credentials$/, ['credentials']],
]

/** @returns whether a page shows anything of these topics */
export const isShownOn = (path: string, changed: readonly Topic[]): boolean =>
  changed.includes('frame') ||
  followed.some(([pattern, shown]) => pattern.test(path) && changed.some((topic) => shown.includes(topic)))

/** Whom a change in the database concerns, and what of theirs. */
export type Wake = { topics: readonly Topic[]; whom: Whom }
type Whom =
  | { person: string }
  /** All who decide by their platform role or a group. */
  | 'deciders'
  /** All who reach a space. */
  | { space: string }
  | 'everybody'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * @param channel of a notification of Postgres, as the triggers of prisma/migrations send them
 * @returns whom it concerns; null: nobody’s lists
 */
export function wakeOf(channel: string, payload: string): Wake | null {
  if (channel === 'spaceport_session') return toPerson(payload, [])
  const colon = payload.indexOf(':')
  const [kind, rest] = [payload.slice(0, colon), payload.slice(colon + 1)]
  if (channel === 'spaceport_person') {
    const topic = topics.find((one) => one === kind)
    if (topic === undefined) return null
    return rest === 'deciders' ? { topics: [topic], whom: 'deciders' } : toPerson(rest, [topic])
  }
  if (channel !== 'spaceport_access') return null
  // Their groups, their role, or whether their account is active.
  if (kind === 'user') return toPerson(rest, ['spaces', 'requests'])
  if (kind === 'space') return uuid.test(rest) ? { topics: ['spaces'], whom: { space: rest } } : null
  return kind === 'policy' ? { topics: ['requests'], whom: 'everybody' } : null
}

const toPerson = (person: string, changed: readonly Topic[]): Wake | null =>
  uuid.test(person) ? { topics: changed, whom: { person } } : null
