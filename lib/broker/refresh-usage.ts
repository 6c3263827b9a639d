import { saveUsage } from '../db/save-usage.ts'
import { isAppError } from '../domain/errors.ts'
import { listUsage } from '../kube/list-usage.ts'
import type { SystemContext } from './context.ts'

/**
 * Reads what all spaces use of their quotas, cluster by cluster, for the lists. One that does not answer keeps what is
 * known of it, and keeps none of the others from being read.
 * @returns how many spaces were seen
 */
export async function refreshUsage(ctx: SystemContext): Promise<number> {
  let seen = 0
  for (const name of ctx.clusters.names) {
    const usage = await listUsage(ctx.clusters.get(name)).catch((error: unknown) => {
      if (!isAppError(error)) throw error
      ctx.log.warn({ error, cluster: name }, 'the usage on a cluster could not be read')
      return null
    })
    if (!usage) continue
    seen += usage.size
    await saveUsage(ctx.db, name, usage, ctx.clock())
  }
  return seen
}
