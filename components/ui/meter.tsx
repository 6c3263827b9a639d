'use client'

// A client component for the reason given in icon.tsx.

import { classNames } from './class-names.ts'
import { MeterFrame, type MeterProps, shareOf } from './meter-frame.tsx'
import { usageInk } from './usage-ink.ts'

/** Shows usage, or progress. Usage warns from 80 %, also in words for screen readers. */
export function Meter(props: MeterProps) {
  const { ratio, size = 'full', of = 'usage' } = props
  const percent = Math.round(shareOf(ratio) * 100)
  return (
    <MeterFrame
      meter={props}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      className={classNames('block overflow-hidden rounded-full', size === 'tiny' ? 'h-1.5 w-16' : 'h-2 w-full')}
    >
      <rect width="100" height="6" className="fill-line" />
      <rect
        width={percent === 0 ? 0 : Math.max(percent, 2)}
        height="6"
        className={classNames('fill-current', of === 'usage' ? usageInk(ratio) : 'text-accent')}
      />
    </MeterFrame>
  )
}
