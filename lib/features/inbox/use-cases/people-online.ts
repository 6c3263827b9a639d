import { selectReaching } from '#lib/features/inbox/db/select-reaching.ts'
import { type Topic, topics, type Wake, wakeOf } from '#lib/features/inbox/model/notification-message.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { ChannelMessage } from '#lib/kernel/use-case/notifications.ts'

/** Changes of spaces are gathered for this time: one statement finds all whom they concern. */
const gatherMs = 200
/** Of more spaces at once, everybody is told. */
const maxSpaces = 500
/** For how long, and how many, changes are remembered for those who come a moment later. */
const rememberedMs = 20_000
const maxRemembered = 2_000
/** Clocks of processes differ a little. */
const skewMs = 250

/** Of what may have been missed, all lists are read again. */
const lists = topics.filter((topic) => topic !== 'frame')

type Listener = {
  userId: string
  /** What has changed of what the person is shown. */
  own: (changed: readonly Topic[]) => void
  /** What has changed for people with a role of the platform, or in a group that decides. */
  byRole: (changed: readonly Topic[]) => void
}

export type PeopleOnline = {
  /**
   * @param after from when on it matters what has changed: what is remembered from then on is told at once, and
   *   everything if not enough is remembered
   * @returns how to leave
   */
  join(listener: Listener, after: Date): () => void
}

type Options = {
  /** Subscribes to what Postgres notifies of. */
  subscribe: (heard: (notified: ChannelMessage | null) => void) => unknown
  pool: () => Promise<Pool>
  clock: () => Date
  onError: (error: unknown) => void
}

/**
 * Wakes exactly those who are online and whom a change concerns, whatever process made it: nobody asks Postgres on behalf
 * of a person to find out whether there is something to ask.
 */
export function createPeopleOnline({ subscribe, pool, clock, onError }: Options): PeopleOnline {
  const online = new Map<string, Set<Listener>>()
  let remembered: { at: number; wake: Wake }[] = []
  /** Since when nothing is missing in it. */
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

  function remember(wake: Wake): void {
    const now = clock().getTime()
    remembered.push({ at: now, wake })
    if (remembered.length <= maxRemembered && (remembered[0]?.at ?? now) > now - 2 * rememberedMs) return
    const young = remembered.filter(({ at }) => at > now - rememberedMs)
    remembered = young.slice(-maxRemembered / 2)
    const first = remembered.length < young.length ? remembered[0]?.at : undefined
    completeSince = Math.max(completeSince, first ?? now - rememberedMs)
  }

  function spread({ topics: changed, whom }: Wake): void {
    if (whom === 'everybody') for (const listener of everybody()) listener.own(changed)
    else if (whom === 'deciders') for (const listener of everybody()) listener.byRole(changed)
    else if ('person' in whom) notifyPerson(whom.person, changed)
    else if (online.size > 0) {
      changedSpaces.add(whom.space)
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
    for (const { at, wake } of remembered) {
      if (at < from) continue
      const { whom, topics: changed } = wake
      if (whom === 'deciders') listener.byRole(changed)
      else if (whom === 'everybody') listener.own(changed)
      else if ('space' in whom) spaceIds.add(whom.space)
      else if (whom.person === listener.userId) listener.own(changed)
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
    const wake = wakeOf(notified.channel, notified.payload)
    if (wake === null) return
    remember(wake)
    spread(wake)
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
