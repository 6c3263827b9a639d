'use client'

import { type ReactNode, startTransition, useActionState, useEffect, useRef, useState } from 'react'
import { type ActionBug, type ActionError, type ActionState, idle } from '#lib/domain/action-state.ts'
import { Alert } from './alert.tsx'
import { BeforeSubmit, type SubmitStep } from './before-submit.ts'
import { useDialogClose } from './dialog.tsx'
import { FieldErrors } from './field-errors.tsx'
import { showToast } from './show-toast.ts'

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
      const message = 'We got no response; the change may or may not have been made. Check before you try again.'
      return { status: 'bug', message, requestId: '' }
    }
  }

/**
 * A form for a server action. After an error the input stays, a summary on top gets the focus, and each input shows
 * its own error. Success closes an enclosing dialog. Works without scripts.
 */
export function ActionForm<D = undefined>(props: Props<D>) {
  const { action, children, onOk, onError, okMessage, className, label } = props
  const [answered] = useState(() => whateverHappens(action))
  const [state, run] = useActionState<ActionState<D>, FormData>(answered, idle)
  const summary = useRef<HTMLDivElement>(null)
  const close = useDialogClose()
  const [steps] = useState(() => new Set<SubmitStep>())
  const handlers = useRef({ onOk, onError, okMessage, close })
  handlers.current = { onOk, onError, okMessage, close }

  useEffect(() => {
    const now = handlers.current
    if (state.status === 'ok') {
      const message = state.message ?? now.okMessage
      if (message) showToast(message)
      now.close?.()
      now.onOk?.(state.data)
    }
    if (state.status === 'error') now.onError?.(state.code)
    if (state.status === 'error' || state.status === 'bug') summary.current?.focus()
  }, [state])

  return (
    <form
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
        startTransition(async () => {
          if ((await Promise.all(passed)).every(Boolean)) startTransition(() => run(form))
        })
      }}
    >
      {(state.status === 'error' || state.status === 'bug') && (
        <Alert kind="bad" live ref={summary} title={state.message} className="mb-4">
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
