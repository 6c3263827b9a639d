import { noteContact, noteContactFailure } from '#lib/features/clusters/db/cluster-readings.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { contactFailureOf } from '#lib/kube/client/contact-failure.ts'
import { pingCluster } from '#lib/kube/client/ping-cluster.ts'

/** What was read is written so often, ms. */
const everyMs = 60_000

/**
 * @returns a function that asks a cluster for its version and notes, for the page of clusters, how long that took: once a
 *   minute, and at once when it stops answering or does so again. It throws what the cluster’s answer was, AppError;
 *   Postgres being away stops it no more than it must
 */
export function contactInTurn() {
  let latencies: number[] = []
  let dueAt = 0
  return async (ctx: SystemContext, cluster: string): Promise<void> => {
    const warn = (error: unknown) => ctx.log.warn({ error, cluster }, 'a contact with a cluster was not noted')
    const began = performance.now()
    try {
      const version = await pingCluster(ctx.clusters.get(cluster))
      latencies.push(performance.now() - began)
      if (performance.now() < dueAt) return
      const taken = latencies
      latencies = []
      dueAt = performance.now() + everyMs
      await noteContact(ctx.db, cluster, { at: ctx.clock(), version: version ?? null, latencies: taken }).catch(warn)
    } catch (error) {
      if (!isAppError(error)) throw error
      dueAt = 0
      await noteContactFailure(ctx.db, cluster, contactFailureOf(error), ctx.clock()).catch(warn)
      throw error
    }
  }
}
