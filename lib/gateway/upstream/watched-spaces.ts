/**
 * Keeps a watch of a person’s namespaces true to their spaces while these change: what they lost is deleted in it, what
 * they got is added, and it goes on from the same resourceVersion. So it shows what a new list and watch would, without
 * the client having to notice. Must never pass on anything about a space that was taken away, from the moment that is
 * known; where the way can't be shown completely, the watch ends and the client lists again.
 */
import type { Admitted } from '#lib/gateway/admit.ts'
import type { Access, SpaceAccess } from '#lib/gateway/credential/access.ts'
import { continueWatch, listNamespaceOf } from '#lib/gateway/request/narrow-namespaces.ts'
import { eventsOfList, type SpaceEvents, type Typed } from '#lib/gateway/request/space-events.ts'
import { markBetween } from '#lib/gateway/request/space-set-mark.ts'
import type { ResourceTarget } from '#lib/gateway/target/parse-target.ts'
import type { UpstreamRequest } from './render-request.ts'
import { ownRequest } from './render-upstream.ts'

/** More at once is worth a new list. */
const maxChanges = 20
const listMs = 5_000
const maxListBytes = 8 * 1024 * 1024

export type WatchedSpaces = {
  /**
   * @param spaceIds that the person reaches now
   * @returns whether the watch goes on with them
   */
  follow(spaceIds: readonly string[], access: Access): boolean
}

type Options = {
  admitted: Admitted & { target: ResourceTarget }
  /** Undefined: the API server has not answered yet. */
  events: () => SpaceEvents | undefined
  /** Stops what the API server sends. */
  halt(): void
  isOver(): boolean
  send(event: Buffer): void
  /** Asks the API server for the events that follow. */
  resume(request: UpstreamRequest): void
  /** Ends the watch, so that the client lists again. */
  giveUp(): void
  /** Milliseconds of a clock that never jumps. */
  monotonic: () => number
}

type Reached = { ids: readonly string[]; access: Access }

export function createWatchedSpaces(options: Options): WatchedSpaces {
  const { admitted, events, halt, isOver, send, resume, giveUp, monotonic } = options
  const { decision, target, upstream } = admitted
  const startedAt = monotonic()
  let current: Reached = { ids: decision.as === 'gateway' ? decision.spaceIds : [], access: admitted.access }
  let wanted = current
  let isFollowing = false

  /** @returns the events of one space */
  async function list(
    space: SpaceAccess,
    type: 'ADDED' | 'DELETED',
    version: string,
    mark: string,
    opened: SpaceEvents,
  ) {
    const request = ownRequest(admitted, listNamespaceOf(target, space, version), asList)
    const { status, body } = await upstream.requests.ask(request, { withinMs: listMs, maxBytes: maxListBytes })
    if (status !== 200) throw new Error(`a namespace could not be listed: ${status}`)
    return eventsOfList(opened.format, body, type, mark)
  }

  /** @throws Error when the API server doesn't say what came and went */
  async function change(opened: SpaceEvents, version: string): Promise<void> {
    for (;;) {
      const next = wanted
      const removed = spacesOf(current, next.ids, target.cluster)
      const added = spacesOf(next, current.ids, target.cluster)
      if (removed.length + added.length > maxChanges) throw new Error('too many spaces changed')
      const mark = markBetween(current.ids, next.ids)
      // One after another: all together they count as the watch, which has one place among the person's requests.
      const lists: Awaited<ReturnType<typeof list>>[] = []
      for (const [type, spaces] of [
        ['DELETED', removed],
        ['ADDED', added],
      ] as const)
        for (const space of spaces) {
          lists.push(await list(space, type, version, mark, opened))
          if (isOver()) return
        }
      if (isOver()) return
      if (wanted !== next) continue
      current = next
      let typed: Typed | undefined
      for (const one of lists) {
        typed ??= one.typed
        for (const event of one.events) send(event)
      }
      opened.restart(next.ids)
      const bookmark = opened.bookmark(typed)
      if (bookmark) send(bookmark)
      isFollowing = false
      const seconds = (monotonic() - startedAt) / 1_000
      return resume(ownRequest(admitted, continueWatch(target, next.ids, version, seconds)))
    }
  }

  return {
    follow(ids, access) {
      if (ids.join() === wanted.ids.join()) return true
      const opened = events()
      const version = opened?.version()
      if (!opened || version === undefined) return false
      wanted = { ids, access }
      if (isFollowing) return true
      isFollowing = true
      halt()
      change(opened, version).catch(() => {
        isFollowing = false
        if (!isOver()) giveUp()
      })
      return true
    },
  }
}

/** @returns the spaces of a set that aren't among others */
function spacesOf({ ids, access }: Reached, others: readonly string[], cluster: string): SpaceAccess[] {
  const there = new Map([...(access.spaces.get(cluster)?.values() ?? [])].map((space) => [space.spaceId, space]))
  return ids
    .filter((id) => !others.includes(id))
    .map((id) => {
      const space = there.get(id)
      if (!space) throw new Error('a space of a set is not in its access')
      return space
    })
}

/** Metadata alone is asked for by another name of lists than of watches. */
const asList = (accept: string): string =>
  accept.replaceAll(/;\s*as=PartialObjectMetadata(?=[;,]|$)/gi, ';as=PartialObjectMetadataList')
