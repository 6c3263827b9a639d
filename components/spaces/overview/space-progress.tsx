import type { ReactNode } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { Section } from '#components/ui/section.tsx'
import { stepLabels } from '#lib/kernel/model/spaces/space-status.ts'
import type { SpaceDetail } from '#lib/kernel/model/spaces/space-view.ts'
import { StepList } from './step-list.tsx'

type Props = {
  space: SpaceDetail
  /** The retry button, if the person may retry. */
  retry: ReactNode
  now: Date
}

/** Clusters remove an empty namespace within five seconds. Warn after this. */
const usualMs = 15_000

const texts = {
  creating: {
    title: 'Creating the space',
    description: 'It’s ready once the cluster confirms that its owner can use it. This page updates automatically.',
  },
  failed: {
    title: 'The space isn’t ready',
    description: 'Spaceport keeps retrying. If it can’t finish, it cleans up what it started.',
  },
  waiting: {
    title: 'Creating the space',
    description: 'Spaceport continues as soon as the cluster responds.',
  },
  deleting: {
    title: 'Deleting the space',
    description: 'The namespace and everything in it are being removed. No one can use it anymore.',
  },
} as const

function kindOf({ status, waitsForCluster }: SpaceDetail): keyof typeof texts {
  if (status === 'deleting') return status
  if (status === 'failed') return waitsForCluster ? 'waiting' : status
  return 'creating'
}

/** The progress of creating or deleting a space and, if it is stuck, the step, the reason, and what to do. */
export function SpaceProgress({ space, retry, now }: Props) {
  const kind = kindOf(space)
  const failed = space.steps.find((step) => step.state === 'failed')
  const since = Math.max(0, ...space.steps.map(({ at }) => (at ? Date.parse(at) : 0)))
  const waitsLong = since > 0 && now.getTime() - since > usualMs
  const steps = space.steps.map((step) => {
    if (step.state === 'running' && space.failure && !waitsLong) return { ...step, message: space.failure.message }
    if (step !== failed || !space.failure) return step
    // Already shown above.
    const { message: _, ...rest } = step
    return kind === 'waiting' ? { ...rest, state: 'waiting' as const } : rest
  })
  return (
    <>
      {space.failure && (failed || waitsLong) && (
        <Alert
          kind={failed && !space.waitsForCluster ? 'bad' : 'warn'}
          title={
            space.waitsForCluster
              ? 'Waiting for the cluster'
              : failed
                ? `Step “${stepLabels[failed.name]}” failed`
                : 'Still waiting for the cluster'
          }
          action={failed && retry}
        >
          <p>{failed?.message ?? space.failure.message}</p>
        </Alert>
      )}
      <Section {...texts[kind]}>
        <StepList steps={steps} />
      </Section>
    </>
  )
}
