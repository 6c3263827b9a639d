'use client'

import { type ReactNode, startTransition, useActionState, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { useDialog } from '#components/ui/dialog.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { showToast } from '#components/ui/show-toast.ts'
import { type ActionBug, type ActionError, type ActionState, idle } from '#lib/kernel/model/action-state.ts'
import { BeforeSubmit, type SubmitStep } from './before-submit.ts'
import { FieldErrors } from './field-errors.tsx'

export type FormAction<D = undefined> = (state: ActionState<D>, form: FormData) => Promise<ActionState<D>>

type Props<D> = {
  /** Must not change during the form's lifetime: React keeps using the first one. */
  action: FormAction<D>
  children: ReactNode
  /** Called once for each success, e.g. to go somewhere or to save a file. */
  onOk?: (data: D | undefined) => void
  /** Called on each expected error, e.g. to turn the form into a request. */
  onError?: (code: string) => void
  /** Shown on success if the action has no message of its own. */
  okMessage?: string
  /** Takes back what was done. Offered for as long as its message is shown. */
  undo?: (() => Promise<ActionState>) | undefined
  className?: string
  /** Names the form for screen readers where there is more than one. */
  label?: string
}

const noErrors = {}

/** @returns whether to show a reference for support. Errors of marked inputs need none */
const needsReference = (state: ActionError | ActionBug): boolean =>
  state.status === 'bug' || Object.keys(state.fields).length === 0

/**
 * Without a response (no network, a new release of the portal) the form keeps what was typed. Errors with a digest are
 * Next's signals, or failures on the server that Next handles.
 */
const whateverHappens =
  <D,>(action: FormAction<D>): FormAction<D> =>
  async (state, form) => {
    try {
      return await action(state, form)
    } catch (error) {
      if (typeof error === 'object' && error !== null && 'digest' in error) throw error
      const message = 'We got no response, so the change may or may not have been made. Check before you try again.'
      return { status: 'bug', message, requestId: '' }
    }
  }

/** In a tab of its own: what was typed stays in this one. */
const SignInAgain = () => (
  <a href="/sign-in" target="_blank" rel="noreferrer" className={buttonClass('secondary', 'sm')}>
    Sign in in a new tab
    <Icon name="external" />
  </a>
)

/** Whether an action succeeded by leading to another page, which Next tells by an error. */
const leadsOn = (signal: unknown): boolean =>
  typeof signal === 'object' &&
  signal !== null &&
  'digest' in signal &&
  typeof signal.digest === 'string' &&
  signal.digest.startsWith('NEXT_REDIRECT')

const forToast = (title: string): string => title.replace(/[?…]$/, '')

/** @returns the input beside which a message already stands */
function inputWith(message: string, form: HTMLFormElement | null): HTMLElement | undefined {
  const marked = [...(form?.querySelectorAll<HTMLElement>('[aria-invalid="true"]') ?? [])]
  return marked.find((input) =>
    input
      .getAttribute('aria-describedby')
      ?.split(' ')
      .some((id) => document.getElementById(id)?.textContent === message),
  )
}

/** Takes something back, and says what became of that. */
async function takeBack(undo: () => Promise<ActionState>): Promise<void> {
  const result = await whateverHappens(undo)(idle, new FormData())
  if (result.status === 'ok') showToast({ message: result.message ?? 'Undone.' })
  else if (result.status !== 'idle') showToast({ kind: 'bad', message: `Undo: ${result.message}` })
}

/**
 * A form for a server action. After an error the input stays, and each input shows its own error. A summary on top gets
 * the focus, or the input itself where it says the same. Success closes an enclosing dialog. What became of it is said even when the dialog was closed, or the
 * page left, before the answer came. Works without scripts.
 */
export function ActionForm<D = undefined>(props: Props<D>) {
  const { action, children, onOk, onError, okMessage, undo, className, label } = props
  const dialog = useDialog()
  const handlers = useRef({ onOk, onError, okMessage, undo, dialog })
  handlers.current = { onOk, onError, okMessage, undo, dialog }
  const mounted = useRef(false)
  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])

  const [answered] = useState(() => {
    const run = whateverHappens(action)
    return async (state: ActionState<D>, form: FormData) => {
      try {
        const result = await run(state, form)
        tell(result)
        return result
      } catch (signal) {
        if (leadsOn(signal)) tell({ status: 'ok' })
        throw signal
      }
    }
  })
  function tell(result: ActionState<D>) {
    const now = handlers.current
    if (result.status === 'idle') return
    if (result.status === 'ok') {
      const message = result.message ?? now.okMessage
      const { undo } = now
      if (message) showToast({ message, ...(undo && { action: { label: 'Undo', run: () => void takeBack(undo) } }) })
      return
    }
    if (mounted.current && (now.dialog === null || now.dialog.isOpen())) return
    const title = now.dialog?.title ?? label
    showToast({
      kind: 'bad',
      message: title ? `${forToast(title)}: ${result.message}` : result.message,
      ...(mounted.current && now.dialog && { action: { label: 'Show', run: now.dialog.open } }),
    })
  }
  const [state, run, pending] = useActionState<ActionState<D>, FormData>(answered, idle)
  const summary = useRef<HTMLDivElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const [isSaidBeside, setSaidBeside] = useState(false)
  const [steps] = useState(() => new Set<SubmitStep>())

  useEffect(() => {
    const failed = state.status === 'error' || state.status === 'bug'
    dialog?.keep(pending ? 'answer' : failed && !dialog.isOpen() ? 'error' : null)
  }, [dialog, pending, state])

  useEffect(() => {
    const now = handlers.current
    if (state.status === 'ok') {
      now.dialog?.close()
      now.onOk?.(state.data)
    }
    if (state.status === 'error') now.onError?.(state.code)
  }, [state])

  // Before the answer is painted, so that nothing is shown twice, not even for a moment.
  useLayoutEffect(() => {
    const input = state.status === 'error' ? inputWith(state.message, form.current) : undefined
    setSaidBeside(input !== undefined)
    if (state.status === 'error' || state.status === 'bug') (input ?? summary.current)?.focus()
  }, [state])

  return (
    <form
      ref={form}
      action={run}
      aria-label={label}
      className={className}
      noValidate
      // React resets a form after its action. Submitting it ourselves keeps the input.
      onSubmit={(event) => {
        event.preventDefault()
        const { submitter } = event.nativeEvent as SubmitEvent
        const form = new FormData(event.currentTarget, submitter)
        const passed = [...steps].map((step) => step(form))
        if (passed.every((pass) => pass === true)) return startTransition(() => run(form))
        // A transition, so that the button shows a spinner.
        dialog?.keep('answer')
        startTransition(async () => {
          if ((await Promise.all(passed)).every(Boolean)) return startTransition(() => run(form))
          // A field says why.
          dialog?.keep(null)
          dialog?.open()
        })
      }}
    >
      {(state.status === 'error' || state.status === 'bug') && !isSaidBeside && (
        <Alert
          kind="bad"
          live
          ref={summary}
          title={state.message}
          action={state.status === 'error' && state.code === 'not_signed_in' && <SignInAgain />}
          className="mb-4"
        >
          {state.requestId !== '' && needsReference(state) && (
            <p className="text-muted text-xs">
              Reference <span className="wrap-anywhere font-mono">{state.requestId}</span>
            </p>
          )}
        </Alert>
      )}
      <BeforeSubmit value={steps}>
        <FieldErrors value={state.status === 'error' ? state.fields : noErrors}>{children}</FieldErrors>
      </BeforeSubmit>
    </form>
  )
}
