import { setTimeout as delay } from 'node:timers/promises'
import { followObject } from '#lib/features/gitops/use-cases/follow-object.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { spaceObjectVersion } from '#lib/kernel/model/spaces/space-object.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { followCollection } from '#lib/kube/client/follow-collection.ts'
import { metadataOnly } from '#lib/kube/client/watched-part.ts'
import { createCheckTimer } from './check-timer.ts'
import { countObjects } from './count-objects.ts'
import { createTurnQueue, type Turn } from './turn-queue.ts'

const path = `/apis/${spaceObjectVersion}/spaces`
const gatherMs = 200
/** Pauses before the next check, doubled each time: while changes are in progress, and otherwise. */
const pauses = { soon: { firstMs: 500, maxMs: 15_000 }, later: { firstMs: 5_000, maxMs: 300_000 } } as const
const retry = { firstMs: 1_000, maxMs: 60_000 }
/** How long to wait before looking for the definition again, if a cluster has none or doesn't let us list. */
const absentMs = 30_000
const idleMs = 1_000
/** The shortest time between checks of an object that keeps changing. */
const breatherMs = 10_000

/**
 * Follows the objects on a cluster that declare spaces, one at a time, namespaces in turn. The next worker resumes
 * after a dead one: each check compares the whole object with the whole space.
 * @returns once the signal is aborted and the running check has ended
 */
export async function followDeclared(
  ctx: SystemContext,
  cluster: string,
  signal: AbortSignal,
  betweenMs = breatherMs,
): Promise<void> {
  const queue = createTurnQueue()
  const timer = createCheckTimer({ gatherMs, betweenMs })
  const counts = countObjects(cluster)
  const wake = { up: () => {} }
  const keyOf = ({ namespace, name }: Turn) => `${namespace}/${name}`
  const now = () => performance.now()

  function notice(turn: Turn, isEnding: boolean): void {
    queue.due(turn, timer.noticed(keyOf(turn), now(), isEnding))
    counts.notice(keyOf(turn))
    wake.up()
  }
  function forget(turn: Turn): void {
    timer.forget(keyOf(turn))
    queue.forget(turn)
    counts.forget(keyOf(turn))
  }
  const lookAgain = (turn: Turn, pause: { firstMs: number; maxMs: number }) =>
    queue.due(turn, timer.again(keyOf(turn), now(), pause))

  async function look(turn: Turn): Promise<void> {
    timer.looking(keyOf(turn), now())
    try {
      const { again, state } = await followObject(ctx, { cluster, ...turn }, { rank: queue.rank(turn), signal })
      // It was applied again, so it exists.
      const isAnother = timer.isNoticed(keyOf(turn))
      if (state) counts.found(keyOf(turn), state)
      else if (!isAnother) counts.forget(keyOf(turn))
      if (again === 'gone') {
        if (!isAnother) forget(turn)
      } else if (again !== 'never') lookAgain(turn, pauses[again])
    } catch (error) {
      if (signal.aborted) return
      ctx.log.warn({ error, cluster, ...turn }, 'an object that declares a space could not be followed; retrying')
      counts.failed(keyOf(turn))
      lookAgain(turn, retry)
    }
  }

  async function work(): Promise<void> {
    while (!signal.aborted) {
      const turn = queue.take(now())
      if (turn) await look(turn)
      else await pause(Math.min(idleMs, Math.max(1, (queue.nextAt() ?? Number.POSITIVE_INFINITY) - now())))
    }
  }
  async function pause(ms: number): Promise<void> {
    const woken = new AbortController()
    wake.up = () => woken.abort()
    await delay(ms, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => undefined)
  }

  /** Returns when the collection does not exist or is forbidden. */
  async function watch(): Promise<void> {
    const absent = new AbortController()
    await followCollection(ctx.clusters.get(cluster), {
      path,
      part: metadataOnly,
      fromStart: true,
      signal: AbortSignal.any([signal, absent.signal]),
      keep: ({ metadata: { namespace = '', name, deletionTimestamp } }) => ({
        namespace,
        name,
        isEnding: deletionTimestamp !== undefined,
      }),
      onList(turns) {
        queue.keepOnly(turns)
        const keys = new Set(turns.map(keyOf))
        timer.keepOnly(keys)
        counts.keepOnly(keys)
        for (const { isEnding, ...turn } of turns) notice(turn, isEnding)
      },
      onEvent(type, { metadata: { namespace = '', name, deletionTimestamp } }) {
        if (type === 'DELETED') forget({ namespace, name })
        else notice({ namespace, name }, deletionTimestamp !== undefined)
      },
      onTrouble(error) {
        if (isAppError(error, 'not_found', 'cluster_refused')) absent.abort()
        else ctx.log.warn({ error, cluster }, 'a watch of objects that declare spaces failed and will be retried')
      },
    })
  }
  async function watchOn(): Promise<void> {
    while (!signal.aborted) {
      await watch()
      if (!signal.aborted) await delay(absentMs, undefined, { signal }).catch(() => undefined)
    }
  }
  await Promise.all([work(), watchOn()]).finally(counts.end)
}
