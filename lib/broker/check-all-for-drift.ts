import { listReadySpaces } from '../db/list-ready-spaces.ts'
import type { SystemContext } from './context.ts'
import { repairDrift } from './repair-drift.ts'

const atOnce = 4

/** The full pass: what the watches missed, for whatever reason, is found here. @returns how many spaces had drifted */
export async function checkAllForDrift(ctx: SystemContext): Promise<number> {
  let drifted = 0
  let after = ''
  for (;;) {
    const ids = await listReadySpaces(ctx.db, after)
    const queue = [...ids]
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
          if ((await repairDrift(ctx, id)).length > 0) drifted++
        }
      }),
    )
    const last = ids.at(-1)
    if (last === undefined) return drifted
    after = last
  }
}
