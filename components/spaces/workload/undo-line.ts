import type { WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'

/** @returns the command that rolls a workload back to a revision */
export const undoLine = ({ kind, name }: WorkloadRef, revision: number): string =>
  `kubectl rollout undo ${kind.toLowerCase()}/${name} --to-revision=${revision}`
