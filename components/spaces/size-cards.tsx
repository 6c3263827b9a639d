'use client'

import { RadioCards } from '#components/ui/form/radio-cards.tsx'
import { type Size, sizes, sizeWithin } from '#lib/kernel/model/spaces/size.ts'
import { sizeSpecs } from '#lib/kernel/model/spaces/size-spec.ts'

type Props = {
  value: Size
  onChange: (size: Size) => void
  /** The largest available without approval. */
  maxSize: Size
  /** The current size of an existing space. */
  current?: Size
  /** The available sizes, if not all. */
  offered?: readonly Size[]
}

/** The choice of a size, with what each includes and whether it needs approval. */
export function SizeCards({ value, onChange, maxSize, current, offered = sizes }: Props) {
  const needsApproval = (size: Size) => !sizeWithin(size, maxSize) && !(current && sizeWithin(size, current))
  return (
    <RadioCards
      legend="Size"
      legendHidden={current !== undefined}
      name="size"
      value={value}
      onChange={(chosen) => onChange(sizes.find((size) => size === chosen) ?? value)}
      options={offered.map((size) => ({
        value: size,
        label: size === current ? `${size} (current)` : size,
        detail: sizeSpecs[size].summary,
        note: needsApproval(size) && 'Needs approval',
      }))}
    />
  )
}
