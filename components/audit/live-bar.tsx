import { Button } from '#components/ui/button.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { LiveRows } from './use-live-rows.ts'

/** The switch for live rows, and the number of new events that wait while the reader is busy. */
export function LiveBar({ live: { on, turn, waiting, isMore, show } }: { live: LiveRows }) {
  return (
    <div className="ml-auto flex min-h-7 items-center gap-3">
      <div aria-live="polite">
        {waiting > 0 && (
          <Button size="sm" icon="refresh" onClick={show}>
            {isMore ? `${waiting} and more new events` : inNumber(waiting, 'new event')}
          </Button>
        )}
      </div>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          role="switch"
          checked={on}
          aria-checked={on}
          onChange={(event) => turn(event.target.checked)}
          className="size-4 shrink-0"
        />
        Live
      </label>
    </div>
  )
}
