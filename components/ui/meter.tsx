'use client'

// A client component for the reason given in icon.tsx.

import { classNames } from './class-names.ts'
import { MeterFrame, type MeterProps, shareOf } from './meter-frame.tsx'

/** Shows progress, or a part of a whole. For the use of a limit: CombMeter. */
export function Meter({ size = 'full', ...meter }: MeterProps) {
  const percent = Math.round(shareOf(meter.ratio) * 100)
  return (
    <MeterFrame
      meter={meter}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      className={classNames('block overflow-hidden rounded-full', size === 'tiny' ? 'h-1.5 w-16' : 'h-2 w-full')}
    >
      <rect width="100" height="6" className="fill-line" />
      <rect width={percent === 0 ? 0 : Math.max(percent, 2)} height="6" className="fill-current text-accent" />
    </MeterFrame>
  )
}
