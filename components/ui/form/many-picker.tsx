'use client'

import { useEffect, useRef, useState } from 'react'
import { Combobox } from './combobox.tsx'
import type { FieldProps } from './field.tsx'
import { PickedList } from './picked-list.tsx'

type Picked = { value: string; label: string; summary?: string; wasDone: boolean }
type Props = Pick<FieldProps, 'label' | 'hint'> &
  Pick<Parameters<typeof Combobox>[0], 'search' | 'words' | 'whenNone' | 'careful'> & {
    name: string
    /** Picks texts that are no option too. */
    takesText?: boolean
    /** Whether the form has done its work for a value. Those done since they were picked are dropped. */
    isDone?: (value: string) => boolean
  }

const never = () => false

/**
 * Picks several values. The form sends them as `NAME.picked`, a line each, and as NAME what is in the field and wasn’t
 * added: without it, the form would mean something else than the screen shows.
 */
export function ManyPicker({ name, label, takesText = false, isDone = never, ...field }: Props) {
  const [all, setAll] = useState<readonly Picked[]>([])
  const box = useRef<HTMLDivElement>(null)
  const isOpen = ({ value, wasDone }: Picked) => wasDone || !isDone(value)
  const picked = all.filter(isOpen)
  // For good: they may be undone elsewhere while the form is open.
  useEffect(() => setAll((before) => (before.every(isOpen) ? before : before.filter(isOpen))))
  const last = picked.at(-1)
  const remove = (gone: string) => setAll((before) => before.filter(({ value }) => value !== gone))
  const add = ({ value, label, summary }: Omit<Picked, 'wasDone'>) =>
    setAll((before) => [
      ...before.filter((one) => one.value !== value),
      { value, label, ...(summary && { summary }), wasDone: isDone(value) },
    ])
  const isAlike = ({ label }: Picked) => picked.filter((one) => one.label === label).length > 1
  return (
    <div ref={box} className="space-y-2">
      <Combobox
        {...field}
        label={label}
        name={name}
        onChoose={add}
        {...(takesText && { onText: (text: string) => add({ value: text, label: text }) })}
        choosesSent={picked.length > 0}
        onErase={() => last && remove(last.value)}
      />
      <input type="hidden" name={`${name}.picked`} value={picked.map(({ value }) => value).join('\n')} />
      <PickedList
        label={label}
        items={picked.map((one) => ({
          value: one.value,
          text: isAlike(one) ? (one.summary ?? one.label) : one.label,
          title: one.summary,
        }))}
        remove={(value) => {
          remove(value)
          box.current?.querySelector('input')?.focus()
        }}
      />
    </div>
  )
}
