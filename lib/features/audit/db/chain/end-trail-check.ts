import type { Tx } from '#lib/kernel/db/client.ts'
import type { TrailFinding, TrailResult } from '#lib/kernel/model/audit/trail-check.ts'

type Ended = { at: Date; result: TrailResult; findings: readonly TrailFinding[]; findingCount: number }

/** @returns false if another worker has ended it */
export async function endTrailCheck(
  tx: Tx,
  id: string,
  { at, result, findings, findingCount }: Ended,
): Promise<boolean> {
  const ended = await tx.$executeRaw`
    UPDATE trail_check SET ended_at = ${at}, result = ${result}, findings = ${JSON.stringify(findings)}::jsonb, finding_count = ${findingCount}
    WHERE id = ${id}::uuid AND ended_at IS NULL`
  return ended === 1
}
