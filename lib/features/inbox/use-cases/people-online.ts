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

/** The people online, each with a listener per open page. */
function createListeners() {
  const online = new Map<string, Set<Listener>>()
  return {
    add(listener: Listener): void {
      online.set(listener.userId, (online.get(listener.userId) ?? new Set()).add(listener))
    },
    remove(listener: Listener): void {
      const listeners = online.get(listener.userId)
      listeners?.delete(listener)
      if (listeners?.size === 0) online.delete(listener.userId)
    },
    *all(): Generator<Listener> {
      for (const listeners of online.values()) yield* listeners
    },
    isEmpty: (): boolean => online.size === 0,
    userIds: (): string[] => [...online.keys()],
    notifyPerson(userId: string, changed: readonly Topic[]): void {
      for (const listener of online.get(userId) ?? []) listener.own(changed)
    },
  }
}

/** Keeps notices for people who connect a moment later. */
function rememberNotices(clock: () => Date) {
  let remembered: { at: number; notice: ChangeNotice }[] = []
  /** `remembered` is complete since then. */
  let completeSince = clock().getTime()
  return {
    add(notice: ChangeNotice): void {
      const now = clock().getTime()
      remembered.push({ at: now, notice })
      if (remembered.length <= maxRemembered && (remembered[0]?.at ?? now) > now - 2 * rememberedMs) return
      const young = remembered.filter(({ at }) => at > now - rememberedMs)
      remembered = young.slice(-maxRemembered / 2)
      const first = remembered.length < young.length ? remembered[0]?.at : undefined
      completeSince = Math.max(completeSince, first ?? now - rememberedMs)
    },
    /**
     * @param from milliseconds since the epoch
     * @returns the notices since then; null: some may be forgotten
     */
    since: (from: number): ChangeNotice[] | null =>
      completeSince > from ? null : remembered.flatMap(({ at, notice }) => (at < from ? [] : [notice])),
    forgetAll(): void {
      remembered = []
      completeSince = clock().getTime()
    },
  }
}

const spaceOf = (audience: { space: string } | { membersOf: string }) =>
  'space' in audience ? audience.space : audience.membersOf

/** Notifies exactly the online people that a change affects, whichever process made it. No one polls Postgres. */
export function createPeopleOnline({ subscribe, pool, clock, onError }: Options): PeopleOnline {
  const online = createListeners()
  const recent = rememberNotices(clock)
  let changedSpaces = new Set<string>()
  let concernsRoles = false
  let isGathering = false
  let isResolving = false

  function spread({ topics: changed, audience }: ChangeNotice): void {
    if (audience === 'everybody') for (const listener of online.all()) listener.own(changed)
    else if (audience === 'deciders') for (const listener of online.all()) listener.byRole(changed)
    else if ('person' in audience) online.notifyPerson(audience.person, changed)
    else if (!online.isEmpty()) {
      changedSpaces.add(spaceOf(audience))
      concernsRoles ||= 'space' in audience
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
    if (concernsRoles) for (const listener of online.all()) listener.byRole(['spaces'])
    concernsRoles = false
    isResolving = true
    try {
      for (const userId of await reaching(spaceIds, online.userIds())) online.notifyPerson(userId, ['spaces'])
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
    const notices = recent.since(after.getTime() - skewMs)
    if (notices === null) {
      listener.own(lists)
      return
    }
    const spaceIds = new Set<string>()
    let concernsRole = false
    for (const { audience, topics: changed } of notices) {
      if (audience === 'deciders') listener.byRole(changed)
      else if (audience === 'everybody') listener.own(changed)
      else if ('person' in audience) {
        if (audience.person === listener.userId) listener.own(changed)
      } else {
        spaceIds.add(spaceOf(audience))
        concernsRole ||= 'space' in audience
      }
    }
    if (concernsRole) listener.byRole(['spaces'])
    if (spaceIds.size === 0) return
    reaching([...spaceIds], [listener.userId]).then(
      (concerned) => concerned.length > 0 && listener.own(['spaces']),
      onError,
    )
  }

  subscribe((notified) => {
    if (notified === null) {
      recent.forgetAll()
      for (const listener of online.all()) listener.own(lists)
      return
    }
    const notice = parseNotification(notified.channel, notified.payload)
    if (notice === null) return
    recent.add(notice)
    spread(notice)
  })

  return {
    join(listener, after) {
      online.add(listener)
      catchUp(listener, after)
      return () => online.remove(listener)
    },
  }
}
