import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import type { PlacedWorkload, WorkloadStatus as Status } from '#lib/kernel/model/spaces/space-inside.ts'
import { problemDetail, problemInWords, problemTone } from './problem-words.ts'

const looks: Readonly<Record<Status, { tone: BadgeTone; icon: IconName; spinning?: boolean }>> = {
  Ready: { tone: 'ok', icon: 'check-circle' },
  Starting: { tone: 'accent', icon: 'progress', spinning: true },
  Running: { tone: 'accent', icon: 'progress', spinning: true },
  Failed: { tone: 'bad', icon: 'alert-circle' },
  Complete: { tone: 'neutral', icon: 'check' },
  'Scaled to zero': { tone: 'neutral', icon: 'moon' },
  Scheduled: { tone: 'neutral', icon: 'clock' },
  Suspended: { tone: 'neutral', icon: 'moon' },
}

type Props = Pick<PlacedWorkload, 'status' | 'problem' | 'warning'>

/** A workload's status in a few words, with the cluster's details if there is a problem. */
export function WorkloadStatus({ status, problem, warning }: Props) {
  if (problem === null) return <Badge {...looks[status]}>{status}</Badge>
  const detail = problemDetail(problem) || warning?.message
  const tone = problemTone(problem)
  return (
    <div>
      <Badge tone={tone} icon={tone === 'bad' ? 'alert-circle' : 'alert-triangle'}>
        {problemInWords(problem)}
      </Badge>
      {detail && <p className="wrap-anywhere mt-1 max-w-prose text-muted text-xs">{detail}</p>}
    </div>
  )
}
