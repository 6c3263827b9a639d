import type { Ref } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { Button } from '#components/ui/button.tsx'
import type { SpaceOutcome } from '#lib/features/spaces/model/space-choice.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'

type Props = {
  /** What was done, before a number of spaces: `Deleting`. */
  did: string
  outcomes: readonly SpaceOutcome[]
  close: () => void
  ref: Ref<HTMLDivElement>
}

/** The result of a bulk action: how many spaces changed, and why others didn't. */
export function BulkOutcome({ did, outcomes, close, ref }: Props) {
  const failed = outcomes.filter(({ why }) => why !== null)
  const done = outcomes.length - failed.length
  const title =
    done === 0
      ? `Nothing changed: ${inNumber(failed.length, 'space')} failed`
      : `${did} ${inNumber(done, 'space')}${failed.length > 0 ? `; ${failed.length} failed` : ''}`
  return (
    <Alert
      ref={ref}
      kind={failed.length > 0 ? 'warn' : 'ok'}
      live
      title={title}
      className="mb-3"
      action={
        <Button size="sm" onClick={close}>
          Got it
        </Button>
      }
    >
      {failed.length > 0 && (
        <ul className="wrap-anywhere list-disc space-y-1 pl-4">
          {[...Map.groupBy(failed, ({ why }) => why)].map(([why, spaces]) => (
            <li key={why}>
              <span className="font-mono">{spaces.map(({ name }) => name).join(', ')}</span>: {why}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  )
}
