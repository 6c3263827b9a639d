import type { ComponentProps } from 'react'

export type MeterProps = {
  label: string
  /** From 0 to 1; more is shown as full. */
  ratio: number
  /** The value as text: "1.5 of 4 CPUs". */
  text: string
  size?: 'tiny' | 'full'
}

/** @returns a ratio of at most 1 */
export const shareOf = (ratio: number): number => Math.min(Math.max(ratio, 0), 1)

/** A drawing that is a meter to screen readers: https://www.w3.org/TR/wai-aria-1.2/#meter */
export const MeterFrame = ({
  meter: { label, ratio, text },
  ...svg
}: { meter: Omit<MeterProps, 'size'> } & ComponentProps<'svg'>) => (
  // biome-ignore lint/a11y/useSemanticElements: browsers style a meter element in incompatible ways
  <svg
    role="meter"
    aria-label={label}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={Math.round(shareOf(ratio) * 100)}
    aria-valuetext={text}
    {...svg}
  />
)
