/**
 * Keeps a watch of a person's namespaces up to date when their spaces change: removed spaces are deleted in it, new
 * ones added, and it continues from the same resourceVersion. Must never pass on anything about a space after its
 * removal is known. If the change can't be shown completely, the watch ends and the client lists again.
 */
import type { AdmittedRequest } from '#lib/gateway/admit.ts'
import type { Access, SpaceAccess } from '#lib/gateway/credential/access.ts'
import { continueWatch, listNamespaceOf } from '#lib/gateway/request/narrow-namespaces.ts'
import { eventsOfList, type ObjectType, type SpaceEvents } from '#lib/gateway/request/space-events.ts'
import { markBetween } from '#lib/gateway/request/space-set-mark.ts'
import type { ResourceTarget } from '#lib/gateway/target/parse-target.ts'
import type { UpstreamRequest } from './render-request.ts'
import { ownRequest } from './render-upstream.ts'

/** Beyond this many at once, a new list is cheaper. */
const maxChanges = 20
const listMs = 5_000
const maxListBytes = 8 * 1024 * 1024

export type WatchedSpaces = {
  /**
   * @param spaceIds of the person now
   * @returns whether the watch continues with them
   */
  follow(spaceIds: readonly string[], access: Access): boolean
}

type Options = {
  admitted: AdmittedRequest & { target: ResourceTarget }
  /** Undefined: the API server has not answered yet. */
  events: () => SpaceEvents | undefined
  halt(): void
  isOver(): boolean
  send(event: Buffer): void
  resume(request: UpstreamRequest): void
  /** Ends the watch, so that the client lists again. */
  giveUp(): void
  /** Milliseconds of a clock that never jumps. */
  monotonic: () => number
}

type SpaceSet = { ids: readonly string[]; access: Access }

export function createWatchedSpaces(options: Options): WatchedSpaces {
  const { admitted, events, halt, isOver, send, resume, giveUp, monotonic } = options
  const { decision, target, upstream } = admitted
  const startedAt = monotonic()
  let current: SpaceSet = { ids: decision.as === 'gateway' ? decision.spaceIds : [], access: admitted.access }
  let wanted = current
  let isFollowing = false

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

  /** @throws Error when the API server doesn't provide the changes */
  async function change(opened: SpaceEvents, version: string): Promise<void> {
    for (;;) {
      const next = wanted
      const removed = spacesOf(current, next.ids, target.cluster)
      const added = spacesOf(next, current.ids, target.cluster)
      if (removed.length + added.length > maxChanges) throw new Error('too many spaces changed')
      const mark = markBetween(current.ids, next.ids)
      // One after another: together they use the watch's single slot for concurrent requests.
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
      let typed: ObjectType | undefined
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

function spacesOf({ ids, access }: SpaceSet, others: readonly string[], cluster: string): SpaceAccess[] {
  const there = new Map([...(access.spaces.get(cluster)?.values() ?? [])].map((space) => [space.spaceId, space]))
  return ids
    .filter((id) => !others.includes(id))
    .map((id) => {
      const space = there.get(id)
      if (!space) throw new Error('a space of a set is not in its access')
      return space
    })
}

/** For metadata alone, lists and watches have different media types. */
const asList = (accept: string): string =>
  accept.replaceAll(/;\s*as=PartialObjectMetadata(?=[;,]|$)/gi, ';as=PartialObjectMetadataList')
