'use client'

// A client component for the reason given in icon.tsx.

import { classNames } from './class-names.ts'
import { MeterFrame, type MeterProps, shareOf } from './meter-frame.tsx'
import { usageInk, usageInWords } from './usage-ink.ts'

const cells = { tiny: 8, full: 20 } as const

type Props = MeterProps & {
  /** `reserved` warns only once it is more than there is; use does from 80% on. */
  of?: 'use' | 'reserved'
}

/** How much of a quota, or of the nodes’ capacity, is used: a row of the mark’s hexagons, each 9 px wide. */
export function CombMeter({ size = 'full', of = 'use', ...meter }: Props) {
  const { ratio, text } = meter
  const all = cells[size]
  const share = shareOf(ratio)
  const filled = filledCells(share, all)
  // Less than half a cell is pale, since a full one would show several times as much.
  const isTrace = filled === 1 && share * all < 0.5
  const ink = of === 'use' ? usageInk(ratio) : ratio > 1 ? 'text-warn' : 'text-accent'
  return (
    <MeterFrame
      meter={of === 'use' ? { ...meter, text: usageInWords(ratio, text) } : meter}
      viewBox={`0 0 ${all * 10 - 1} 10.4`}
      className={classNames('block', size === 'tiny' ? 'w-[4.9375rem]' : 'w-full max-w-[12.4375rem]')}
    >
      <path d={hexagons(filled, all)} className="fill-comb" />
      <path d={hexagons(0, filled)} className={classNames(isTrace ? 'fill-current opacity-40' : 'fill-current', ink)} />
    </MeterFrame>
  )
}

/** @returns how many are filled: one as soon as anything is used, and all only once everything is */
function filledCells(share: number, all: number): number {
  const filled = Math.round(share * all)
  if (share > 0 && filled === 0) return 1
  return share < 1 && filled === all ? all - 1 : filled
}

/** @returns a path of hexagons that are 9 wide and 10 apart */
const hexagons = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => `M${(from + at) * 10 + 4.5} 0l4.5 2.6v5.2l-4.5 2.6-4.5-2.6V2.6Z`).join(
    '',
  )
