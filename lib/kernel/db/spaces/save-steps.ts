import type { Db } from '#lib/kernel/db/client.ts'
import type { Step } from '#lib/kernel/model/spaces/space-status.ts'

/** Saves how far a reconcile is; the table's trigger notifies the pages that watch the space. */
export async function saveSteps(db: Db, spaceId: string, steps: readonly Step[]): Promise<void> {
  await db.$executeRaw`UPDATE space SET steps = ${JSON.stringify(steps)}::jsonb WHERE id = ${spaceId}::uuid`
}
