import type { Problem } from '#lib/features/gitops/model/space-object-status.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'

type Observed = Pick<SpaceRecord, 'status' | 'generation' | 'observedGeneration' | 'failureMessage'>

/** @returns what keeps a space from being ready on its cluster; null: it is ready */
export function readinessOf({ status, generation, observedGeneration, failureMessage }: Observed): Problem | null {
  if (status === 'failed') return { reason: 'Failed', message: failureMessage ?? 'The cluster refused the space.' }
  const isThere = (status === 'ready' || status === 'asleep') && observedGeneration >= generation
  if (isThere) return null
  return { reason: 'Creating', message: failureMessage ?? 'The cluster is being updated.' }
}
