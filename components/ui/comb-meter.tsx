'use client'

// A client component for the reason given in icon.tsx.

import { classNames } from './class-names.ts'
import { MeterFrame, type MeterProps, shareOf } from './meter-frame.tsx'
import { usageInk } from './usage-ink.ts'

const cells = { tiny: 8, full: 20 } as const

/** How much of a space’s quota is used, as a row of the mark’s hexagons. It warns from 80 %. */
export function CombMeter(props: Omit<MeterProps, 'of'>) {
  const { ratio, size = 'full' } = props
  const all = cells[size]
  const filled = filledCells(shareOf(ratio), all)
  return (
    <MeterFrame
      meter={props}
      viewBox={`0 0 ${all * 10 - 1} 10.4`}
      preserveAspectRatio="xMinYMid"
      className={size === 'tiny' ? 'block h-2 w-16' : 'block w-full max-w-72'}
    >
      <path d={hexagons(filled, all)} className="fill-line" />
      <path d={hexagons(0, filled)} className={classNames('fill-current', usageInk(ratio))} />
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
