import { saveUsage } from '../db/save-usage.ts'
import { listUsage } from '../kube/list-usage.ts'
import type { SystemContext } from './context.ts'

/** Reads what all spaces use of their quotas, cluster by cluster, for the lists. @returns how many spaces were seen */
export async function refreshUsage(ctx: SystemContext): Promise<number> {
  let seen = 0
  for (const name of ctx.clusters.names) {
    const usage = await listUsage(ctx.clusters.get(name))
    seen += usage.size
    await saveUsage(ctx.db, name, usage, ctx.clock())
  }
  return seen
}
