'use client'

// A client component for the reason given in icon.tsx.

import { classNames } from './class-names.ts'
import { usageInk, usageInWords } from './usage-ink.ts'

type Props = {
  label: string
  /** From 0 to 1; more is shown as full. */
  ratio: number
  /** The value as text: "1.5 of 4 CPUs". */
  text: string
  size?: 'tiny' | 'full'
  /** `progress`: a completed share, which never warns. */
  of?: 'usage' | 'progress'
}

/** Shows usage, or progress. Usage warns from 80 %, also in words for screen readers. */
export function Meter({ label, ratio, text, size = 'full', of = 'usage' }: Props) {
  const percent = percentOf(ratio)
  const isUsage = of === 'usage'
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers style a meter element in incompatible ways
    <svg
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={isUsage ? usageInWords(ratio, text) : text}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      className={classNames('block overflow-hidden rounded-full', size === 'tiny' ? 'h-1.5 w-16' : 'h-2 w-full')}
    >
      <rect width="100" height="6" className="fill-line" />
      <rect
        width={percent === 0 ? 0 : Math.max(percent, 2)}
        height="6"
        className={classNames('fill-current', isUsage ? usageInk(ratio) : 'text-accent')}
      />
    </svg>
  )
}

const percentOf = (ratio: number) => Math.round(Math.min(Math.max(ratio, 0), 1) * 100)
