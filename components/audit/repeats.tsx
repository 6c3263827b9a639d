import type { ReactNode } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'

type Props = {
  count: number
  /** When the oldest one happened. */
  since: string
  children: ReactNode
}

/** The earlier repeats of an action, collapsed. */
export const Repeats = ({ count, since, children }: Props) => (
  <details className="group/repeats px-3 sm:px-4">
    <summary className="mb-1 inline-flex min-h-7 list-none flex-wrap items-center gap-x-1.5 text-muted text-xs hover:text-ink [&::-webkit-details-marker]:hidden">
      <Icon name="chevron-right" className="size-3 transition-transform group-open/repeats:rotate-90" />
      <span>
        The same {inNumber(count, 'more time')}, since <AbsoluteTime at={since} />
      </span>
    </summary>
    <ul className="mb-2 border-l-2">{children}</ul>
  </details>
)
