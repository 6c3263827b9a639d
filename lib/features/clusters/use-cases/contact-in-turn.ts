import { noteContact, noteContactFailure } from '#lib/features/clusters/db/cluster-readings.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { contactFailureOf } from '#lib/kube/client/contact-failure.ts'
import { pingCluster } from '#lib/kube/client/ping-cluster.ts'

/** How often the readings are stored, in milliseconds. */
const everyMs = 60_000

/**
 * @returns a function that asks a cluster for its version and records the latency for the page of clusters: once a
 * minute, and at once when the cluster stops or resumes answering. It throws the cluster’s error, AppError; a Postgres
 * outage is only logged
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
