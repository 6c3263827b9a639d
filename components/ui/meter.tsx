'use client'

// A client component for the reason given in icon.tsx.

import { classNames } from './class-names.ts'

type Props = {
  /** What is measured. */
  label: string
  /** From 0 to 1. More is shown as full. */
  ratio: number
  /** The same in words: "1.5 of 4 CPUs". */
  text: string
  size?: 'tiny' | 'full'
  /** `progress`: what is done of all, which is no warning. */
  of?: 'usage' | 'progress'
}

/** Shows usage, or progress. From 90 % usage warns, in words too for screen readers. */
export function Meter({ label, ratio, text, size = 'full', of = 'usage' }: Props) {
  const percent = Math.round(Math.min(Math.max(ratio, 0), 1) * 100)
  const warns = of === 'usage' && ratio >= 0.9
  const tone = !warns ? 'fill-accent' : ratio >= 1 ? 'fill-bad' : 'fill-warn'
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers do not agree on how a meter element can be styled
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
    </svg>
  )
}
