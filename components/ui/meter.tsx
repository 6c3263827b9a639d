'use client'

// A client component for the reason given in icon.tsx.

import { classNames } from './class-names.ts'

type Props = {
  label: string
  /** From 0 to 1; more is shown as full. */
  ratio: number
  /** A second share, shown as a mark on the bar. */
  mark?: number
  /** The value as text: "1.5 of 4 CPUs". */
  text: string
  size?: 'tiny' | 'full'
  /** `progress`: a completed share, which never warns. */
  of?: 'usage' | 'progress'
}

/** Shows usage, or progress. Usage warns from 80 %, also in words for screen readers. */
export function Meter({ label, ratio, mark, text, size = 'full', of = 'usage' }: Props) {
  const percent = percentOf(ratio)
  const fullest = Math.max(ratio, mark ?? 0)
  const warns = of === 'usage' && fullest >= 0.8
  const tone = !warns ? 'fill-accent' : fullest >= 1 ? 'fill-bad' : 'fill-warn'
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers style a meter element in incompatible ways
    <svg
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={warns ? `${text}, almost used up` : text}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      className={classNames('block overflow-hidden rounded-full', size === 'tiny' ? 'h-1.5 w-16' : 'h-2 w-full')}
    >
      <rect width="100" height="6" className="fill-line" />
      <rect width={percent === 0 ? 0 : Math.max(percent, 2)} height="6" className={tone} />
      {mark !== undefined && mark > 0 && (
        <rect x={Math.max(percentOf(mark) - 1, 0)} width="1" height="6" className="fill-ink" />
      )}
    </svg>
  )
}

const percentOf = (ratio: number) => Math.round(Math.min(Math.max(ratio, 0), 1) * 100)
