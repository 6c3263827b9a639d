import type { Step } from '#lib/domain/space-status.ts'
import type { Db } from './client.ts'

/** Shows how far a reconcile is; pages that watch the space are told by the table's trigger. */
export async function saveSteps(db: Db, spaceId: string, steps: readonly Step[]): Promise<void> {
  await db.$executeRaw`UPDATE space SET steps = ${JSON.stringify(steps)}::jsonb WHERE id = ${spaceId}::uuid`
}
