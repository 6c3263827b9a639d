'use client'

import { useLayoutEffect, useRef, useState } from 'react'
import { findGroups, groupWords } from '#components/search/find-in-portal.tsx'
import { Combobox } from '#components/ui/form/combobox.tsx'
import { useFieldError } from '#components/ui/form/field-errors.tsx'
import { PickedList } from '#components/ui/form/picked-list.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { typeInto } from '#components/ui/form/type-into.ts'
import { useIsHydrated } from '#components/ui/use-is-hydrated.ts'

type Props = {
  label: string
  name: string
  more: string
  /** The groups at first. */
  groups: readonly string[]
}

const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
]

/**
 * Picks several groups of the main identity provider by their names; one without members so far as typed. The form
 * sends a line each. Without scripts, it is a field for these lines.
 */
export function GroupsPicker({ label, name, more, groups }: Props) {
  const isHydrated = useIsHydrated()
  const [lines, setLines] = useState(groups.join('\n'))
  const box = useRef<HTMLDivElement>(null)
  const error = useFieldError(name)
  // Typed before scripts ran.
  useLayoutEffect(() => {
    const early = box.current?.querySelector('textarea')
    if (early) setLines(early.value)
  }, [])
  if (!isHydrated)
    return (
      <div ref={box}>
        <TextAreaField label={label} name={name} optional defaultValue={lines} hint="One per line." more={more} />
      </div>
    )
  const picked = linesOf(lines)
  const change = (next: readonly string[]) => {
    const sent = box.current?.querySelector('textarea')
    if (sent) typeInto(sent, next.join('\n'))
  }
  const add = (group: string) => change([...picked.filter((one) => one !== group), group])
  return (
    <div ref={box} className="space-y-2">
      <Combobox
        label={label}
        optional
        more={more}
        error={error}
        listName="Groups found"
        search={findGroups}
        words={groupWords}
        takesText
        onChoose={({ value }) => add(value)}
        onText={add}
        onErase={() => change(picked.slice(0, -1))}
      />
      <textarea hidden name={name} value={lines} onChange={(event) => setLines(event.target.value)} />
      <PickedList
        label={label}
        items={picked.map((group) => ({ value: group, text: group }))}
        remove={(gone) => {
          change(picked.filter((one) => one !== gone))
          box.current?.querySelector('input')?.focus()
        }}
      />
    </div>
  )
}
