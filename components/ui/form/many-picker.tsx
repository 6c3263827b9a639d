'use client'

import { useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { Combobox } from './combobox.tsx'
import type { FieldProps } from './field.tsx'

type Picked = { value: string; label: string }
type Props = Pick<FieldProps, 'label' | 'hint'> &
  Pick<Parameters<typeof Combobox>[0], 'search' | 'words'> & { name: string }

/**
 * Picks several values. The form sends them as `NAME.picked`, a line each, and as NAME what is in the field and wasn’t
 * added: without it, the form would mean something else than the screen shows.
 */
export function ManyPicker({ name, label, hint, search, words }: Props) {
  const [picked, setPicked] = useState<readonly Picked[]>([])
  const add = (one: Picked) => setPicked((before) => [...before.filter(({ value }) => value !== one.value), one])
  return (
    <div className="space-y-2">
      <Combobox
        label={label}
        name={name}
        hint={hint}
        search={search}
        words={words}
        onChoose={add}
        onText={(text) => add({ value: text, label: text })}
      />
      <input type="hidden" name={`${name}.picked`} value={picked.map(({ value }) => value).join('\n')} />
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
