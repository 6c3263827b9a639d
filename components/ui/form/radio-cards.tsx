'use client'

import { type ReactNode, useState } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { usePostedField } from './posted-fields.ts'

export type RadioCard = { value: string; label: string; detail: ReactNode; note?: ReactNode }

type Props = {
  legend: string
  /** Only for screen readers, if a heading already says the same. */
  legendHidden?: boolean
  name: string
  options: readonly RadioCard[]
  value: string
  onChange: (value: string) => void
}

const columns: Readonly<Record<number, string>> = { 1: '', 2: 'sm:grid-cols-2' }

export function RadioCards({ legend, legendHidden, name, options, value, onChange }: Props) {
  const posted = usePostedField(name)
  const [chose, setChose] = useState(false)
  const shown = chose ? value : (posted ?? value)
  return (
    <fieldset>
      <legend className={legendHidden ? 'sr-only' : 'mb-1 font-medium text-sm'}>{legend}</legend>
      <div className={classNames('grid gap-2', columns[options.length] ?? 'sm:grid-cols-3')}>
        {options.map((option) => (
          <label
            key={option.value}
            className="flex gap-2.5 rounded-lg border border-line-strong bg-surface p-3 hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft has-checked:ring-1 has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === shown}
              onChange={() => {
                setChose(true)
                onChange(option.value)
              }}
              className="mt-1 size-4 shrink-0 focus-visible:outline-none"
            />
            <span className="min-w-0">
              <span className="block font-semibold">{option.label}</span>
              <span className="block text-muted text-sm">{option.detail}</span>
              {option.note && <span className="mt-1 block text-sm text-warn">{option.note}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
