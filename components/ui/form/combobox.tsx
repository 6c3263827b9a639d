'use client'

import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { useBeforeSubmit } from './before-submit.ts'
import { Field, type FieldProps } from './field.tsx'
import { useFieldError } from './field-errors.tsx'
import { type ComboboxOption, Listbox, panelClass, panelWidth } from './listbox.tsx'
import { pickOption } from './pick-option.ts'
import { usePostedField } from './posted-fields.ts'
import { typeInto } from './type-into.ts'
import { useSuggestions } from './use-suggestions.ts'

type Props = FieldProps & {
  /** Without a name, the form sends nothing, and no text may be left in the input; `onChoose` handles the choice. */
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
  /** With `onChoose`: called for text that is no option. Without it, the form completes such text, if it sends it. */
  onText?: (text: string) => void
  /** With `onChoose`: the option that the form sends for a text is chosen too. */
  choosesSent?: boolean
  /** Called for Backspace in the empty input. */
  onErase?: () => void
  /** Shows options before anything is typed. */
  browses?: boolean
  /** What the input has until scripts run. */
  plainText?: string
  /** What the input has at first. It is searched once it changes. */
  defaultText?: string
  /** Takes text that is no option as typed, even if it is part of one. */
  takesText?: boolean
  /** Names the list of suggestions. Default: the label. */
  listName?: string
  /** As one of several fields in a line: what it says is in a panel below it, and text that isn’t chosen is dropped. */
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
    choosesSent,
    onErase,
    browses,
    plainText,
    defaultText = '',
    takesText = false,
    listName,
    inLine,
    ...field
  } = props
  const { label, labelHidden, name, hint, more, optional, error, className } = field
  const listId = useId()
  const saidId = useId()
  const [text, setText] = useState(usePostedField(field.name) ?? defaultText)
  const [chosen, setChosen] = useState<ComboboxOption | null>(null)
  const [open, setOpen] = useState(false)
  const [opensLeft, setOpensLeft] = useState(false)
  const refused = useFieldError(name)
  const wanted = text.trim()
  const suggestions = useSuggestions(search, text === defaultText ? '' : wanted, chosen, browses && open)
  const { options, pick, active, setActive } = suggestions
  const matches = pick?.fits === 'one' && (!takesText || pick.option.id === wanted)
  const meant = chosen ?? (matches ? pick.option : null)
  const completion = { name, words, careful, takesText, ...(choosesSent && { choose }) }
  const { input, sent, problem, setProblem } = useCompletion(completion, wanted, meant, suggestions)
  const shown = open && options.length > 0

  // Typed before scripts ran.
  useLayoutEffect(() => {
    if (plainText === undefined && input.current?.value) setText(input.current.value)
  }, [plainText, input])
  useEffect(() => {
    if (active >= 0) document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [active, listId])

  function openList() {
    setOpen(true)
    const left = input.current?.getBoundingClientRect().left ?? 0
    setOpensLeft(left + panelWidth > document.documentElement.clientWidth)
  }

  function choose(option: ComboboxOption) {
    if (!onChoose && input.current) typeInto(input.current, option.label)
    setChosen(onChoose ? null : option)
    setText(onChoose ? '' : option.label)
    onChoose?.(option)
    setOpen(false)
    setActive(-1)
    setProblem(null)
  }

  /** Chooses a match that isn’t shown yet only if it is exact. */
  async function chooseOnceFound(asked: string) {
    const { options: found } = await suggestions.lookUp(asked)
    const late = found && pickOption(asked, found)
    if (suggestions.latest.current === asked && late?.fits === 'one' && late.sure) choose(late.option)
  }

  function onKey(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === 'Escape' && shown) {
      // Close only the list, not the enclosing dialog.
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      openList()
      if (options.length === 0) return
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive((at) => (at === -1 && step === -1 ? options.length - 1 : (at + step + options.length) % options.length))
    } else if (event.key === 'Enter') {
      const option = (shown ? options[active] : undefined) ?? (onChoose && meant)
      const submits = name !== undefined && !onText
      // Enter adds what is typed. Only in an empty input does it send the form.
      if (option || (onChoose && (wanted !== '' || !submits))) event.preventDefault()
      if (option) choose(option)
      else if (onText && wanted !== '') {
        setText('')
        setOpen(false)
        setProblem(null)
        onText(wanted)
      } else if (onChoose && wanted !== '') void chooseOnceFound(wanted)
    } else if (event.key === 'Backspace' && text === '' && !event.repeat) onErase?.()
  }

  const panel = panelClass(inLine ? (opensLeft ? 'left' : 'right') : 'below')
  // The action's error about one text doesn't apply to the next.
  const shownError = problem ?? error ?? (sent === wanted ? refused : null)
  const said =
    pick?.fits === 'none' ? words.none(wanted) : pick?.fits === 'several' && pick.alike ? words.several(wanted) : null
  return (
    <Field
      {...{ label, name, hint, more, error: shownError, className }}
      optional={optional ?? false}
      labelHidden={labelHidden ?? false}
    >
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
            value={plainText ?? text}
            onChange={(event) => {
              setText(event.target.value)
              setActive(-1)
              setChosen(null)
              setProblem(null)
              openList()
            }}
            onFocus={openList}
            onClick={openList}
            onBlur={() => {
              setOpen(false)
              // Text that wasn’t chosen would look like a filter that applies.
              if (inLine) setText('')
            }}
            onKeyDown={onKey}
          />
          <div className={inLine ? (open && said && options.length === 0 ? `${panel} p-2.5` : 'sr-only') : undefined}>
            <Verdict id={saidId} meant={meant} said={shownError ? null : said} count={shown ? options.length : 0} />
          </div>
          {pick?.fits === 'none' && whenNone}
          <Listbox {...{ shown, options, active, choose }} id={listId} name={listName ?? label} className={panel} />
        </div>
      )}
    </Field>
  )
}

type Completion = Pick<FieldProps, 'name'> &
  Pick<Props, 'words' | 'careful' | 'takesText'> & { choose?: (option: ComboboxOption) => void }

/** Resolves the text before it is sent, or keeps the form back and says why. */
function useCompletion(
  { name, words, careful, takesText, choose }: Completion,
  wanted: string,
  meant: ComboboxOption | null,
  { pick, lookUp, latest }: ReturnType<typeof useSuggestions<ComboboxOption>>,
) {
  const [problem, setProblem] = useState<string | null>(null)
  const [sent, setSent] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)

  useBeforeSubmit((form) => {
    setSent(wanted)
    if (wanted === '') return true
    if (name === undefined) return keepBack(`Press Enter to choose “${wanted}”, or empty the field.`)
    if (takesText) return true
    if (meant) return send(meant)
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
    return sure
      ? send(late.option)
      : keepBack(`Did you mean ${late.option.summary}? Press the button again to confirm.`)
  }

  function send(option: ComboboxOption): true {
    if (choose) {
      choose(option)
      setSent('')
    }
    return true
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
