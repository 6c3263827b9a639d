'use client'

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { classNames } from './class-names.ts'
import { Field, type FieldProps } from './field.tsx'

export type ComboboxOption = { value: string; label: string; detail?: string; icon?: ReactNode }

type Props = FieldProps & {
  name: string
  placeholder?: string
  /** Finds suggestions for what was typed; may fail: typing goes on without them. */
  search: (text: string) => Promise<readonly ComboboxOption[]>
}

const debounceMs = 180

/**
 * A text input with suggestions (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/, list autocomplete with manual
 * selection). The form gets the chosen option's value, or else the text as it was typed.
 */
export function Combobox({ label, name, hint, error, className, placeholder, search }: Props) {
  const listId = useId()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<ComboboxOption | null>(null)
  const [options, setOptions] = useState<readonly ComboboxOption[]>([])
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const find = useRef(search)
  find.current = search

  useEffect(() => {
    const wanted = text.trim()
    if (chosen || wanted === '') return setOptions([])
    let stale = false
    const timer = setTimeout(async () => {
      const found = await find.current(wanted).catch(() => [])
      if (stale) return
      setOptions(found)
      setActive(-1)
    }, debounceMs)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [text, chosen])

  function choose(option: ComboboxOption) {
    setChosen(option)
    setText(option.label)
    setOpen(false)
    setActive(-1)
  }

  function onKey(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === 'Escape' && shown) {
      // Only the list closes, not the dialog around.
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (options.length === 0) return
      event.preventDefault()
      setOpen(true)
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive((at) => (at === -1 && step === -1 ? options.length - 1 : (at + step + options.length) % options.length))
    } else if (event.key === 'Enter' && shown) {
      const option = options[active]
      if (!option) return
      event.preventDefault()
      choose(option)
    }
  }

  const shown = open && options.length > 0
  return (
    <Field {...{ label, name, hint, error, className }}>
      {(control) => (
        <div className="relative">
          <input type="hidden" name={name} value={chosen?.value ?? text} />
          <input
            {...control}
            type="text"
            role="combobox"
            aria-autocomplete="list"
            aria-expanded={shown}
            aria-controls={listId}
            aria-activedescendant={shown && active >= 0 ? `${listId}-${active}` : undefined}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder={placeholder}
            className="control"
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setChosen(null)
              setOpen(true)
            }}
            onFocus={() => setOpen(true)}
            onBlur={() => setOpen(false)}
            onKeyDown={onKey}
          />
          <div
            id={listId}
            role="listbox"
            aria-label={label}
            className={classNames(
              'absolute inset-x-0 top-full z-30 mt-1 max-h-64 overflow-y-auto rounded-lg border bg-raised p-1 shadow-lg',
              !shown && 'hidden',
            )}
          >
            {options.map((option, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the focus and the keys
              // biome-ignore lint/a11y/useFocusableInteractive: the input has the focus; the option is named by aria-activedescendant
              <div
                key={option.value}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === active}
                className={classNames(
                  'flex min-h-9 items-center gap-2 rounded-md px-2.5 py-1.5 text-sm hover:bg-sunken',
                  index === active && 'bg-accent-soft',
                )}
                // The press must not take the focus away before the click comes.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(option)}
              >
                {option.icon}
                <span className="font-medium">{option.label}</span>
                {option.detail && <span className="truncate text-muted">{option.detail}</span>}
              </div>
            ))}
          </div>
        </div>
      )}
    </Field>
  )
}
