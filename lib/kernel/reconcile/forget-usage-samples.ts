import { deleteUsageSamples } from '#lib/kernel/db/spaces/usage-samples.ts'
import { outdatedSamples } from '#lib/kernel/model/spaces/usage-sample.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

/** Limits per statement and per run: ten times what 10,000 spaces add between runs. */
const most = { rows: 5_000, batches: 20 }

/** Deletes outdated usage samples, in bounded batches. */
export async function forgetUsageSamples(ctx: SystemContext): Promise<void> {
  const outdated = outdatedSamples(ctx.clock())
  for (let batch = 0; batch < most.batches; batch++)
    if ((await deleteUsageSamples(ctx.pool, outdated, most.rows)) === 0) return
}
