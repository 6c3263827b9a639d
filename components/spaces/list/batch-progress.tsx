import { Meter } from '#components/ui/meter.tsx'
import { spacesPerBatch } from '#lib/features/spaces/model/space-choice.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'

type Props = {
  /** How many have been tried; null: not running. */
  tried: number | null
  /** The total. */
  count: number
}

/** The progress of a bulk action that takes several requests. */
export const BatchProgress = ({ tried, count }: Props) => (
  <div role="status">
    {tried !== null && count > spacesPerBatch && (
      <div className="mt-4 space-y-1.5 text-sm">
        <p>
          {tried} of {inNumber(count, 'space')} done…
        </p>
        <Meter label="Progress" ratio={tried / count} text={`${tried} of ${count}`} />
      </div>
    )}
  </div>
)
