import { selectReaching } from '#lib/features/inbox/db/select-reaching.ts'
import {
  type ChangeNotice,
  parseNotification,
  type Topic,
  topics,
} from '#lib/features/inbox/model/notification-message.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { ChannelMessage } from '#lib/kernel/use-case/notifications.ts'

/** Milliseconds to collect space changes, so that one statement finds all affected people. */
const gatherMs = 200
/** Above this number, everyone online is notified. */
const maxSpaces = 500
/** How long, and how many, changes are kept for people who connect a moment later. */
const rememberedMs = 20_000
const maxRemembered = 2_000
/** Allowed clock difference between processes. */
const skewMs = 250

/** After missed notifications, all lists are read again. */
const lists = topics.filter((topic) => topic !== 'frame')

type Listener = {
  userId: string
  /** Changes to what the person sees. */
  own: (changed: readonly Topic[]) => void
  /** Changes for people with a platform role, or in a group that decides. */
  byRole: (changed: readonly Topic[]) => void
}

export type PeopleOnline = {
  /**
   * @param after when the page was rendered: later changes that are still remembered are sent immediately; if some may
   *   be forgotten, all topics are
   * @returns a function that leaves
   */
  join(listener: Listener, after: Date): () => void
}

type Options = {
  subscribe: (heard: (notified: ChannelMessage | null) => void) => unknown
  pool: () => Promise<Pool>
  clock: () => Date
  onError: (error: unknown) => void
}

/** Notifies exactly the online people that a change affects, whichever process made it. No one polls Postgres. */
export function createPeopleOnline({ subscribe, pool, clock, onError }: Options): PeopleOnline {
  const online = new Map<string, Set<Listener>>()
  let remembered: { at: number; notice: ChangeNotice }[] = []
  /** `remembered` is complete since then. */
  let completeSince = clock().getTime()
  let changedSpaces = new Set<string>()
  let isGathering = false
  let isResolving = false

  const everybody = function* () {
    for (const listeners of online.values()) yield* listeners
  }
  const notifyPerson = (userId: string, changed: readonly Topic[]) => {
    for (const listener of online.get(userId) ?? []) listener.own(changed)
  }

  function remember(notice: ChangeNotice): void {
    const now = clock().getTime()
    remembered.push({ at: now, notice })
    if (remembered.length <= maxRemembered && (remembered[0]?.at ?? now) > now - 2 * rememberedMs) return
    const young = remembered.filter(({ at }) => at > now - rememberedMs)
    remembered = young.slice(-maxRemembered / 2)
    const first = remembered.length < young.length ? remembered[0]?.at : undefined
    completeSince = Math.max(completeSince, first ?? now - rememberedMs)
  }

  function spread({ topics: changed, audience }: ChangeNotice): void {
    if (audience === 'everybody') for (const listener of everybody()) listener.own(changed)
    else if (audience === 'deciders') for (const listener of everybody()) listener.byRole(changed)
    else if ('person' in audience) notifyPerson(audience.person, changed)
    else if (online.size > 0) {
      changedSpaces.add(audience.space)
      gather()
    }
  }

  function gather(): void {
    if (isGathering) return
    isGathering = true
    setTimeout(() => void notifySpaces(), gatherMs)
  }

  async function notifySpaces(): Promise<void> {
    isGathering = false
    if (isResolving) return
    const spaceIds = [...changedSpaces]
    changedSpaces = new Set()
    for (const listener of everybody()) listener.byRole(['spaces'])
    isResolving = true
    try {
      for (const userId of await reaching(spaceIds, [...online.keys()])) notifyPerson(userId, ['spaces'])
    } catch (error) {
      onError(error)
    } finally {
      isResolving = false
      if (changedSpaces.size > 0) gather()
    }
  }

  async function reaching(spaceIds: readonly string[], userIds: readonly string[]): Promise<readonly string[]> {
    return spaceIds.length > maxSpaces ? userIds : selectReaching(await pool(), spaceIds, userIds)
  }

  function catchUp(listener: Listener, after: Date): void {
    const from = after.getTime() - skewMs
    if (completeSince > from) {
      listener.own(lists)
      return
    }
    const spaceIds = new Set<string>()
    for (const { at, notice } of remembered) {
      if (at < from) continue
      const { audience, topics: changed } = notice
      if (audience === 'deciders') listener.byRole(changed)
      else if (audience === 'everybody') listener.own(changed)
      else if ('space' in audience) spaceIds.add(audience.space)
      else if (audience.person === listener.userId) listener.own(changed)
    }
    if (spaceIds.size === 0) return
    listener.byRole(['spaces'])
    reaching([...spaceIds], [listener.userId]).then(
      (concerned) => concerned.length > 0 && listener.own(['spaces']),
      onError,
    )
  }

  subscribe((notified) => {
    if (notified === null) {
      remembered = []
      completeSince = clock().getTime()
      for (const listener of everybody()) listener.own(lists)
      return
    }
    const notice = parseNotification(notified.channel, notified.payload)
    if (notice === null) return
    remember(notice)
    spread(notice)
  })

  return {
    join(listener, after) {
      const { userId } = listener
      online.set(userId, (online.get(userId) ?? new Set()).add(listener))
      catchUp(listener, after)
      return () => {
        const listeners = online.get(userId)
        listeners?.delete(listener)
        if (listeners?.size === 0) online.delete(userId)
      }
    },
  }
}
