import { deleteUsageSamples } from '#lib/kernel/db/spaces/usage-samples.ts'
import { outdatedSamples } from '#lib/kernel/model/spaces/usage-sample.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

/** Per statement and run: ten times what 10,000 spaces add between runs. */
const most = { rows: 5_000, batches: 20 }

export async function forgetUsageSamples(ctx: SystemContext): Promise<void> {
  const outdated = outdatedSamples(ctx.clock())
  for (let batch = 0; batch < most.batches; batch++)
    if ((await deleteUsageSamples(ctx.pool, outdated, most.rows)) === 0) return
}
