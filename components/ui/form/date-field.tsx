'use client'

import { useEffect, useRef, useState } from 'react'
import { useDialog } from '#components/ui/dialog.tsx'
import { datePresets } from './date-presets.ts'
import { Field } from './field.tsx'
import { usePostedField } from './posted-fields.ts'
import { Toggle } from './toggle.tsx'

type Props = {
  label: string
  name: string
  hint?: string
  optional?: boolean
  /** Earliest and initial day: `YYYY-MM-DD`. */
  min?: string
  /** Latest day: `YYYY-MM-DD`. */
  max?: string | undefined
  defaultValue?: string
  /** Tomorrow, `YYYY-MM-DD`: offers a few preset days. */
  presetsFrom?: string
  className?: string
}

/**
 * @returns whether to show the browser's date input. The first one on a page is slow to create, so a dialog opens
 *   without it and adds it a moment later.
 */
function useIsNative(): boolean {
  const dialog = useDialog()
  const [isNative, setNative] = useState(dialog === null)
  useEffect(() => {
    const frame = requestAnimationFrame(() => setTimeout(() => setNative(true)))
    return () => cancelAnimationFrame(frame)
  }, [])
  return isNative
}

/** A native date input. The form sends `YYYY-MM-DD`; a last day includes the whole day, in UTC. */
export function DateField({ label, name, hint, optional = false, min, max, ...props }: Props) {
  const { presetsFrom, className } = props
  const defaultValue = usePostedField(name) ?? props.defaultValue
  const input = useRef<HTMLInputElement>(null)
  const isNative = useIsNative()
  const [day, setDay] = useState(defaultValue ?? '')
  const presets = presetsFrom === undefined ? [] : datePresets(presetsFrom, max)
  const choose = (chosen: string) => {
    if (input.current) input.current.value = chosen
    setDay(chosen)
  }
  return (
    <Field {...{ label, name, hint, optional, className }}>
      {(control) => (
        <>
          <input
            ref={input}
            type={isNative ? 'date' : 'text'}
            autoComplete="off"
            {...{ name, min, max, defaultValue }}
            {...control}
            onInput={({ currentTarget }) => setDay(currentTarget.value)}
            className="control"
          />
          {presets.length > 0 && (
            <fieldset className="mt-2 flex flex-wrap gap-1.5">
              <legend className="sr-only">Choose a day</legend>
              {presets.map((preset) => (
                <Toggle
                  key={preset.day}
                  size="sm"
                  on={day === preset.day}
                  onToggle={(on) => choose(on || !optional ? preset.day : '')}
                >
                  {preset.label}
                </Toggle>
              ))}
            </fieldset>
          )}
        </>
      )}
    </Field>
  )
}
