import { classNames } from '#components/ui/class-names.ts'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { type Step, stepLabels } from '#lib/kernel/model/spaces/space-status.ts'

const looks: Readonly<Record<Step['state'], { icon: IconName; ink: string; word: string }>> = {
  waiting: { icon: 'circle', ink: 'text-line-strong', word: 'Waiting' },
  running: { icon: 'progress', ink: 'text-accent animate-spin', word: 'In progress' },
  done: { icon: 'check-circle', ink: 'text-ok', word: 'Done' },
  failed: { icon: 'alert-circle', ink: 'text-bad', word: 'Failed' },
}

/** Steps with their states. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className="space-y-3 text-sm">
      {steps.map((step) => {
        const look = looks[step.state]
        return (
          <li key={step.name} className="flex gap-2.5">
            <Icon name={look.icon} className={classNames('mt-0.5', look.ink)} />
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap justify-between gap-x-4">
                <span className={step.state === 'waiting' ? 'text-muted' : 'font-medium'}>{stepLabels[step.name]}</span>
                <span className="text-muted">
                  {step.at && step.state === 'done' ? (
                    <>
                      <span className="sr-only">Done </span>
                      <RelativeTime at={step.at} />
                    </>
                  ) : (
                    look.word
                  )}
                </span>
              </div>
              {step.message && (
                <p className={step.state === 'failed' ? 'mt-0.5 text-bad' : 'mt-0.5 text-muted'}>{step.message}</p>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
