import { setTimeout as delay } from 'node:timers/promises'
import { noteHealthRead, saveHealth, selectReadySpaces } from '#lib/kernel/db/spaces/space-health-rows.ts'
import { type AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { SpaceHealth, StoredHealth } from '#lib/kernel/model/spaces/space-health.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { followTroubled, isRefusal } from '#lib/kube/inside/follow-troubled.ts'
import { readHealth } from '#lib/kube/inside/read-health.ts'
import { repeat } from './repeat.ts'

/** A space is read at most once a round. A round starts no more reads after `readingMs`. */
const round = { name: 'keep health', everyMs: 5_000, firstMs: 0 }
const readingMs = 10_000
const atOnce = 4
/**
 * The limit for reading one space, and how many times that long it then waits: members decide how much is in a space.
 */
const readLimitMs = 20_000
const restFactor = 20
/** A space without a change is read again after this, because problems also come and go with time. */
const againMs = 45_000
/** The same while its pods may still be starting, and for how long that is. */
const startingMs = 15_000
const startMs = 180_000
/** How long the last reading of a space counts. */
const validMs = 90_000
/** How often to record that the health of spaces is known. */
const noteMs = 15_000
const refusedMs = 60_000
const unknown: StoredHealth = { state: 'unknown', workloads: 0, problem: null }

/** A space that may have a problem. Times are in ms, of `performance.now`; null: never. */
type Suspect = {
  namespace: string
  since: number
  triedAt: number | null
  tookMs: number
  readAt: number | null
  changed: boolean
  failed: boolean
  health: SpaceHealth | null
}

/**
 * Keeps the health of a cluster’s spaces until the signal is aborted. While Spaceport may not read it there, it records
 * that and tries again every minute.
 */
export async function keepHealth(ctx: SystemContext, cluster: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const refusal = await keepWhileAllowed(ctx, cluster, signal)
    if (refusal === null) return
    ctx.log.warn({ error: refusal, cluster }, 'Spaceport may not read the health of spaces')
    await saveHealth(ctx.db, cluster, { found: new Map(), unread: [] })
    await noteHealthRead(ctx.db, cluster, ctx.clock(), true)
    await delay(refusedMs, undefined, { signal }).catch(() => undefined)
  }
}

/** @returns why Spaceport may not read it; null: the signal was aborted */
async function keepWhileAllowed(ctx: SystemContext, cluster: string, given: AbortSignal): Promise<unknown> {
  const ended = new AbortController()
  const signal = AbortSignal.any([given, ended.signal])
  let refusal: unknown = null
  function refuse(error: unknown): void {
    refusal ??= error
    ended.abort()
  }
  let isTroubled = false
  /** By the id of the space. */
  const suspects = new Map<string, Suspect>()
  const idOf = new Map<string, string>()
  const { namespaces, work } = followTroubled(ctx.clusters.get(cluster), {
    now: () => performance.now(),
    onChange(namespace) {
      const suspect = suspects.get(idOf.get(namespace) ?? '')
      if (suspect) suspect.changed = true
    },
    onTrouble(error: AppError) {
      if (!isTroubled) ctx.log.warn({ error, cluster }, 'the pods of a cluster couldn’t be followed; retrying')
      isTroubled = true
    },
    signal,
  })

  async function read(suspect: Suspect): Promise<void> {
    const began = performance.now()
    // A change while it is read counts for the next round.
    Object.assign(suspect, { changed: false, triedAt: began })
    try {
      suspect.health = await readHealth(ctx.clusters.get(cluster), suspect.namespace, {
        now: ctx.clock(),
        signal: AbortSignal.any([signal, AbortSignal.timeout(readLimitMs)]),
      })
      Object.assign(suspect, { readAt: began, failed: false })
    } catch (error) {
      if (signal.aborted) return
      if (isRefusal(error)) return refuse(error)
      // The others don’t wait for one that can’t be read.
      if (!isAppError(error)) throw error
      if (!suspect.failed)
        ctx.log.warn(
          { error, cluster, namespace: suspect.namespace },
          'the health of a space couldn’t be read; retrying',
        )
      suspect.failed = true
    } finally {
      suspect.tookMs = performance.now() - began
    }
  }

  async function findSuspects(now: number): Promise<void> {
    const found = await selectReadySpaces(ctx.db, cluster, namespaces.list(now))
    const ids = new Set(found.map(({ id }) => id))
    for (const id of suspects.keys()) if (!ids.has(id)) suspects.delete(id)
    idOf.clear()
    for (const { id, namespace } of found) {
      idOf.set(namespace, id)
      if (suspects.has(id)) continue
      const unread = { triedAt: null, tookMs: 0, readAt: null, changed: true, failed: false, health: null }
      suspects.set(id, { namespace, since: now, ...unread })
    }
  }

  async function readDue(now: number): Promise<void> {
    const due = [...suspects.values()]
      .filter((suspect) => isDue(suspect, now))
      .sort((a, b) => (a.triedAt ?? 0) - (b.triedAt ?? 0))
      .values()
    async function readNext(): Promise<void> {
      for (const suspect of due) {
        if (signal.aborted || performance.now() - now > readingMs) return
        await read(suspect)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, readNext))
  }

  /** Every suspect was read once, or reading it failed. */
  let isStarted = false
  let saved = ''
  let savedAt = Number.NEGATIVE_INFINITY
  async function keep(): Promise<void> {
    if (!namespaces.isComplete()) return
    await findSuspects(performance.now())
    await readDue(performance.now())
    if (signal.aborted) return
    const now = performance.now()
    const known = knownOf(suspects, now)
    const text = JSON.stringify([...known.found])
    if (text === saved && now - savedAt < noteMs) return
    // Also without a change: another leader may have written since.
    await saveHealth(ctx.db, cluster, known)
    saved = text
    savedAt = now
    isStarted ||= [...suspects.values()].every(({ triedAt }) => triedAt !== null)
    if (!isStarted || !namespaces.isCurrent(now)) return
    isTroubled = false
    await noteHealthRead(ctx.db, cluster, ctx.clock(), false)
  }
  const rounds = repeat(ctx, round, keep, { signal, about: { cluster } })
  const [followed] = await Promise.allSettled([work.finally(() => ended.abort()), rounds])
  if (followed.status === 'rejected') {
    if (!isRefusal(followed.reason)) throw followed.reason
    refusal ??= followed.reason
  }
  return refusal
}

function isDue({ since, triedAt, tookMs, changed, health }: Suspect, now: number): boolean {
  if (triedAt === null) return true
  if (now - triedAt < restFactor * tookMs) return false
  const mayBeStarting = health === null && now - since < startMs
  return changed || now - triedAt >= (mayBeStarting ? startingMs : againMs)
}

/** What is known of the suspects, and which weren’t read yet. A space that can’t be read becomes unknown. */
function knownOf(suspects: ReadonlyMap<string, Suspect>, now: number) {
  const found = new Map<string, StoredHealth>()
  const unread: string[] = []
  for (const [id, { since, readAt, health }] of suspects) {
    if (now - (readAt ?? since) > validMs) found.set(id, unknown)
    else if (readAt === null) unread.push(id)
    else if (health !== null) found.set(id, health)
  }
  return { found, unread }
}
