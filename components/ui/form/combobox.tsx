'use client'

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { Icon } from '#components/ui/icon.tsx'
import { useBeforeSubmit } from './before-submit.ts'
import { Field, type FieldProps } from './field.tsx'
import { useFieldError } from './field-errors.tsx'
import { type Pickable, pickOption } from './pick-option.ts'
import { useSuggestions } from './use-suggestions.ts'

export type ComboboxOption = Pickable & {
  value: string
  label: string
  detail?: string
  icon?: ReactNode
  summary: string
  /** The heading above it and the options that follow it with the same one. */
  group?: string
}

type Props = FieldProps & {
  /** Without a name, the form sends nothing; `onChoose` handles the choice. */
  name?: string
  /** Finds suggestions for a text; null if that failed, in which case the text is sent as typed. */
  search: (text: string) => Promise<readonly ComboboxOption[] | null>
  /** Messages for a text that matches several options, or none. */
  words: { several: (text: string) => string; none: (text: string) => string }
  whenNone?: ReactNode
  /** Accepts an unseen match only for an exact id. For actions that can’t be undone. */
  careful?: boolean | undefined
  placeholder?: string
  /** Called for each choice; the input is then cleared. */
  onChoose?: (option: ComboboxOption) => void
  /** With `onChoose`: called for text that is no option. Without it, such text does nothing. */
  onText?: (text: string) => void
  /** Called with the value that the current text means, or else the text. */
  onPending?: (text: string) => void
  /** Shows options before anything is typed. */
  browses?: boolean
  /** Names the list of suggestions. Default: the label. */
  listName?: string
  /** As one of several fields in a line: the list is wider, and only screen readers get the verdict on a text. */
  inLine?: boolean
}

/**
 * A text input with suggestions (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/, list autocomplete with manual
 * selection). Text with exactly one match selects it. The form sends the selected value, or else the text as typed, and
 * submits only after the search has finished.
 */
export function Combobox(props: Props) {
  const {
    search,
    words,
    whenNone,
    careful,
    placeholder,
    onChoose,
    onText,
    onPending,
    browses,
    listName,
    inLine,
    ...field
  } = props
  const { label, labelHidden, name, hint, error, className } = field
  const listId = useId()
  const saidId = useId()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<ComboboxOption | null>(null)
  const [open, setOpen] = useState(false)
  const refused = useFieldError(name)
  const wanted = text.trim()
  const suggestions = useSuggestions(search, wanted, chosen, browses && open)
  const { options, pick, active, setActive } = suggestions
  const meant = chosen ?? (pick?.fits === 'one' ? pick.option : null)
  const { input, sent, problem, setProblem } = useCompletion({ name, words, careful }, wanted, meant, suggestions)
  const shown = open && options.length > 0

  const pending = meant?.value ?? wanted
  useEffect(() => onPending?.(pending), [pending, onPending])
  useEffect(() => {
    if (active >= 0) document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [active, listId])

  function choose(option: ComboboxOption) {
    setChosen(onChoose ? null : option)
    setText(onChoose ? '' : option.label)
    onChoose?.(option)
    setOpen(false)
    setActive(-1)
    setProblem(null)
  }

  function onKey(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === 'Escape' && shown) {
      // Close only the list, not the enclosing dialog.
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (options.length === 0) return
      event.preventDefault()
      setOpen(true)
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive((at) => (at === -1 && step === -1 ? options.length - 1 : (at + step + options.length) % options.length))
    } else if (event.key === 'Enter') {
      const option = (shown ? options[active] : undefined) ?? (onChoose && meant)
      if (onChoose || option) event.preventDefault()
      if (option) choose(option)
      else if (onText && wanted !== '') {
        setText('')
        setOpen(false)
        onText(wanted)
      }
    }
  }

  // The action's error about one text doesn't apply to the next.
  const shownError = problem ?? error ?? (sent === wanted ? refused : null)
  const said =
    pick?.fits === 'none' ? words.none(wanted) : pick?.fits === 'several' && pick.alike ? words.several(wanted) : null
  return (
    <Field {...{ label, name, hint, error: shownError, className }} labelHidden={labelHidden ?? false}>
      {(control) => (
        <div className="relative">
          {meant && name && <input type="hidden" name={name} value={meant.value} />}
          <input
            {...control}
            ref={input}
            aria-describedby={[control['aria-describedby'], saidId].filter(Boolean).join(' ')}
            // Without scripts or a match, the text is sent as typed.
            name={meant ? undefined : name}
            type="text"
            role="combobox"
            aria-autocomplete="list"
            aria-expanded={shown}
            aria-controls={listId}
            aria-activedescendant={shown && active >= 0 ? `${listId}-${active}` : undefined}
            placeholder={placeholder}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="control"
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setChosen(null)
              setProblem(null)
              setOpen(true)
            }}
            onFocus={() => setOpen(true)}
            onBlur={() => {
              setOpen(false)
              // Text that wasn’t chosen would look like a filter that applies.
              if (inLine) setText('')
            }}
            onKeyDown={onKey}
          />
          <div className={inLine ? 'sr-only' : undefined}>
            <Verdict id={saidId} meant={meant} said={shownError ? null : said} count={shown ? options.length : 0} />
          </div>
          {pick?.fits === 'none' && whenNone}
          <Listbox {...{ shown, options, active, choose, inLine }} id={listId} name={listName ?? label} />
        </div>
      )}
    </Field>
  )
}

/** Resolves the text before it is sent, or keeps the form back and says why. */
function useCompletion(
  { name, words, careful }: Pick<FieldProps, 'name'> & Pick<Props, 'words' | 'careful'>,
  wanted: string,
  meant: ComboboxOption | null,
  { pick, lookUp, latest }: ReturnType<typeof useSuggestions<ComboboxOption>>,
) {
  const [problem, setProblem] = useState<string | null>(null)
  const [sent, setSent] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)

  useBeforeSubmit((form) => {
    setSent(wanted)
    if (meant || wanted === '') return true
    return pick?.fits === 'several' ? keepBack(words.several(wanted)) : complete(form, wanted)
  })

  /** Resolves the text before it is sent. The action reports a text without a match. */
  async function complete(form: FormData, asked: string): Promise<boolean> {
    const { options } = await lookUp(asked)
    if (latest.current !== asked) return false
    const late = options && pickOption(asked, options)
    if (!late || late.fits === 'none') return true
    if (late.fits === 'several') return keepBack(words.several(asked))
    if (name) form.set(name, late.option.value)
    // A match that wasn't shown yet is accepted only if it is exact.
    const sure = careful ? late.option.id === asked : late.sure
    return sure || keepBack(`Did you mean ${late.option.summary}? Press the button again to confirm.`)
  }

  function keepBack(why: string): false {
    setProblem(why)
    input.current?.focus()
    return false
  }

  return { input, sent, problem, setProblem }
}

type VerdictProps = {
  id: string
  meant: ComboboxOption | null
  /** Why no option is meant. */
  said: string | null
  /** The number of suggestions shown. */
  count: number
}

/** What the text means so far, also for screen readers. */
function Verdict({ id, meant, said, count }: VerdictProps) {
  return (
    <p id={id} aria-live="polite" className="flex items-start gap-1.5 text-sm">
      {meant ? (
        <>
          <Icon name="check-circle" className="mt-1 size-3.5 text-ok" />
          <span className="mt-1 min-w-0 break-words">{meant.summary}</span>
        </>
      ) : (
        said && <span className="mt-1 text-muted">{said}</span>
      )}
      {count > 0 && <span className="sr-only">{count === 1 ? '1 suggestion' : `${count} suggestions`}</span>}
    </p>
  )
}

type ListboxProps = {
  id: string
  name: string
  shown: boolean
  options: readonly ComboboxOption[]
  active: number
  choose: (option: ComboboxOption) => void
  inLine: boolean | undefined
}

function Listbox({ id, name, shown, options, active, choose, inLine }: ListboxProps) {
  const groups = Map.groupBy(options.entries(), ([, { group }]) => group)
  return (
    <div
      id={id}
      role="listbox"
      aria-label={name}
      className={classNames(
        'absolute inset-x-0 top-full z-30 mt-1 overflow-y-auto rounded-lg border bg-raised p-1 shadow-lg',
        inLine ? 'max-h-80 sm:left-auto sm:w-80' : 'max-h-48',
        !shown && 'hidden',
      )}
    >
      {[...groups].map(([group, placed]) => {
        const items = placed.map(([index, option]) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the focus and the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the input has the focus; the option is named by aria-activedescendant
          <div
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className="choice"
            // Keep the focus in the input until the click.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
          >
            {option.icon}
            <span className={classNames('truncate font-medium', option.detail && 'max-w-3/5 shrink-0')}>
              {option.label}
            </span>
            {option.detail && <span className="truncate text-muted">{option.detail}</span>}
          </div>
        ))
        return group === undefined ? (
          items
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: a listbox has groups, not fieldsets
          <div key={group} role="group" aria-label={group}>
            <p aria-hidden className="px-2.5 pt-1.5 pb-0.5 text-muted text-xs">
              {group}
            </p>
            {items}
          </div>
        )
      })}
    </div>
  )
}
