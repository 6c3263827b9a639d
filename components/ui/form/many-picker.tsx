'use client'

import { useRef, useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { useBeforeSubmit } from './before-submit.ts'
import { Combobox } from './combobox.tsx'
import type { FieldProps } from './field.tsx'
import { useFieldError } from './field-errors.tsx'

type Picked = { value: string; label: string }
type Props = Pick<FieldProps, 'label' | 'hint'> &
  Pick<Parameters<typeof Combobox>[0], 'search' | 'words'> & { name: string }

/** Picks several values. The form sends them in one field, a line each; text without a match counts as typed. */
export function ManyPicker({ name, label, hint, search, words }: Props) {
  const [picked, setPicked] = useState<readonly Picked[]>([])
  const pending = useRef('')
  const error = useFieldError(name)
  // Text that wasn’t added counts too: without it, the form would mean more than what is on the screen.
  useBeforeSubmit((form) => {
    const values = [...picked.map(({ value }) => value), pending.current]
    form.set(name, values.filter(Boolean).join('\n'))
    return true
  })
  const add = (one: Picked) => setPicked((before) => [...before.filter(({ value }) => value !== one.value), one])
  return (
    <div className="space-y-2">
      <Combobox
        label={label}
        hint={hint}
        error={error}
        search={search}
        words={words}
        onChoose={add}
        onText={(text) => add({ value: text, label: text })}
        onPending={(text) => {
          pending.current = text
        }}
      />
      {picked.length > 0 && (
        <ul aria-label={`${label}: chosen`} className="flex flex-wrap gap-2 text-sm">
          {picked.map((one) => (
            <li key={one.value} className="min-w-0">
              <button
                type="button"
                className="inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-full bg-accent-soft px-2.5 py-0.5 text-accent hover:underline"
                onClick={() => setPicked((before) => before.filter(({ value }) => value !== one.value))}
              >
                <span className="sr-only">Remove </span>
                <span className="wrap-anywhere">{one.label}</span>
                <Icon name="x" className="size-3" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
