'use client'

import { RadioCards } from '#components/ui/radio-cards.tsx'
import { type Size, sizeSpecs, sizes, sizeWithin } from '#lib/domain/size.ts'

type Props = {
  value: Size
  onChange: (size: Size) => void
  /** The greatest that needs no approval. */
  maxSize: Size
  /** What the space has now, if it is there. */
  current?: Size
}

/** The choice of a size, each with what it comes to, and whether it has to be asked for. */
export function SizeCards({ value, onChange, maxSize, current }: Props) {
  const needsApproval = (size: Size) => !sizeWithin(size, maxSize) && !(current && sizeWithin(size, current))
  return (
    <RadioCards
      legend="Size"
      legendHidden={current !== undefined}
      name="size"
      value={value}
      onChange={(chosen) => onChange(sizes.find((size) => size === chosen) ?? value)}
      options={sizes.map((size) => ({
        value: size,
        label: size === current ? `${size} (current)` : size,
        detail: sizeSpecs[size].summary,
        note: needsApproval(size) && 'Needs approval',
      }))}
    />
  )
}
