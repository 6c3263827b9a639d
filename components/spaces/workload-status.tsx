import { healthStateOf } from '#lib/kernel/model/spaces/space-health.ts'
import type { PlacedWorkload, WorkloadStatus as Status } from '#lib/kernel/model/spaces/space-inside.ts'
import { problemDetail, problemInWords } from './problem-words.ts'
import type { State } from './state-drawings.ts'
import { StateLabel } from './state-label.tsx'

const states: Readonly<Record<Status, State>> = {
  Ready: 'ready',
  Starting: 'creating',
  Running: 'creating',
  Failed: 'failed',
  Complete: 'complete',
  'Scaled to zero': 'asleep',
  Scheduled: 'scheduled',
  Suspended: 'suspended',
}

type Props = Pick<PlacedWorkload, 'status' | 'problem' | 'warning'>

/** A workload’s status in a few words, with the cluster's details if there is a problem. */
export function WorkloadStatus({ status, problem, warning }: Props) {
  if (problem === null) return <StateLabel state={states[status]}>{status}</StateLabel>
  const detail = problemDetail(problem) || warning?.message
  return (
    <div>
      <StateLabel state={healthStateOf(problem)}>{problemInWords(problem)}</StateLabel>
      {detail && <p className="wrap-anywhere mt-1 max-w-prose text-muted text-xs">{detail}</p>}
    </div>
  )
}
