'use client'

import {
  type ReactNode,
  type Ref,
  type RefObject,
  startTransition,
  useActionState,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { useDialog } from '#components/ui/dialog.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { showToast } from '#components/ui/show-toast.ts'
import { type ActionBug, type ActionError, type ActionState, idle } from '#lib/kernel/model/action-state.ts'
import { BeforeSubmit, type SubmitStep } from './before-submit.ts'
import { FieldErrors } from './field-errors.tsx'
import { PostedFields } from './posted-fields.ts'

export type FormAction<D = undefined> = (state: ActionState<D>, form: FormData) => Promise<ActionState<D>>

type Props<D> = {
  /** Must not change during the form's lifetime: React keeps using the first one. */
  action: FormAction<D>
  children: ReactNode
  /** What to show below the form for its result, with scripts or without. */
  after?: (state: ActionState<D>) => ReactNode
  /** Called once for each success, e.g. to navigate or to save a file. */
  onOk?: (data: D | undefined) => void
  /** Called on each expected error, e.g. to turn the form into a request. */
  onError?: (code: string) => void
  /** Shown on success if the action has no message of its own. */
  okMessage?: string
  /** Undoes the action. Offered while the success message is shown. */
  undo?: (() => Promise<ActionState>) | undefined
  className?: string
  /** Whether it can't be sent without scripts. If there are none, the form says so. */
  needsScripts?: boolean
  /** Names the form for screen readers where there is more than one. */
  label?: string
}

const noErrors = { code: null, fields: {} }

/** Whether a field says all there is to say about an error, and the inputs with errors. */
type Said = { beside: boolean; marked: readonly HTMLElement[] }

/** @returns whether to show a reference ID for support, which errors of marked inputs don't need */
const needsReference = (state: ActionError | ActionBug): boolean =>
  state.status === 'bug' || Object.keys(state.fields).length === 0

/**
 * Without a response (no network, a new release of the portal), the form keeps the input. Errors with a digest are
 * Next's signals, or server failures that Next handles.
 */
const withFallback =
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

/** In a new tab, to keep the input in this one. */
const SignInAgain = () => (
  <a href="/sign-in" target="_blank" rel="noreferrer" className={buttonClass('secondary', 'sm')}>
    Sign in (opens in a new tab)
    <Icon name="external" />
  </a>
)

/** Whether an action succeeded with a redirect, which Next signals by an error. */
const isRedirect = (signal: unknown): boolean =>
  typeof signal === 'object' &&
  signal !== null &&
  'digest' in signal &&
  typeof signal.digest === 'string' &&
  signal.digest.startsWith('NEXT_REDIRECT')

const forToast = (title: string): string => title.replace(/[?…]$/, '')

/** @returns the inputs that show an error */
const markedInputs = (form: HTMLFormElement | null): HTMLElement[] => [
  ...(form?.querySelectorAll<HTMLElement>('[aria-invalid="true"]') ?? []),
]

const shows = (input: HTMLElement, message: string): boolean =>
  input
    .getAttribute('aria-describedby')
    ?.split(' ')
    .some((id) => document.getElementById(id)?.textContent === message) ?? false

/** @returns the only input with an error, or the one that already shows the error of the form */
function inputToBlame({ code, message, fields }: ActionError, marked: readonly HTMLElement[]): HTMLElement | undefined {
  const showing = marked.find((input) => shows(input, message))
  return (
    showing ?? (code === 'bad_input' && Object.keys(fields).length === 1 && marked.length === 1 ? marked[0] : undefined)
  )
}

const labelOf = (input: HTMLElement): string =>
  (input instanceof HTMLInputElement || input instanceof HTMLSelectElement || input instanceof HTMLTextAreaElement
    ? input.labels?.[0]?.textContent
    : null) ??
  input.getAttribute('aria-label') ??
  ''

async function runUndo(undo: () => Promise<ActionState>): Promise<void> {
  const result = await withFallback(undo)(idle, new FormData())
  if (result.status === 'ok') showToast({ message: result.message ?? 'Undone.' })
  else if (result.status !== 'idle') showToast({ kind: 'bad', message: `Undo: ${result.message}` })
}

/** What the form's answer leads to, as of the last render. */
type Handlers<D> = {
  onOk: Props<D>['onOk']
  onError: Props<D>['onError']
  okMessage: Props<D>['okMessage']
  undo: Props<D>['undo']
  dialog: ReturnType<typeof useDialog>
}

/**
 * @param label names the form in a toast. The first one is kept, like the action
 * @returns the action, which also shows toasts: for success, and for an error that the form can’t show
 */
function useReported<D>(action: FormAction<D>, label: string | undefined, handlers: RefObject<Handlers<D>>) {
  const mounted = useRef(false)
  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])

  const [answered] = useState(() => {
    const run = withFallback(action)
    return async (state: ActionState<D>, form: FormData) => {
      try {
        const result = await run(state, form)
        report(result)
        return result
      } catch (signal) {
        if (isRedirect(signal)) report({ status: 'ok' })
        throw signal
      }
    }
  })
  function report(result: ActionState<D>) {
    const now = handlers.current
    if (result.status === 'idle') return
    if (result.status === 'ok') {
      const message = result.message ?? now.okMessage
      const { undo } = now
      if (message) showToast({ message, ...(undo && { action: { label: 'Undo', run: () => void runUndo(undo) } }) })
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
  return answered
}

/**
 * A form for a server action. After an error the input stays, and each field shows its own error. The focus goes to the
 * field if it is the only one, or else to a summary on top with links to the fields. Success closes an enclosing
 * dialog. If the dialog was closed or the page left, a toast shows the result. Works without scripts.
 */
export function ActionForm<D = undefined>(props: Props<D>) {
  const { action, children, after, onOk, onError, okMessage, undo, className, label, needsScripts } = props
  const dialog = useDialog()
  const handlers = useRef<Handlers<D>>({ onOk, onError, okMessage, undo, dialog })
  handlers.current = { onOk, onError, okMessage, undo, dialog }
  const reported = useReported(action, label, handlers)
  const [answered, run, pending] = useActionState<ActionState<D>, FormData>(reported, idle)
  // Without scripts the browser posts the form, and the page is rendered with the result.
  const [posted, post] = useActionState<ActionState<D>, FormData>(action, idle)
  const state = answered.status === 'idle' ? posted : answered
  const summary = useRef<HTMLDivElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const [said, setSaid] = useState<Said>({ beside: false, marked: [] })
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

  // Before the response is painted, so that nothing is shown twice.
  useLayoutEffect(() => {
    const marked = state.status === 'error' ? markedInputs(form.current) : []
    const input = state.status === 'error' ? inputToBlame(state, marked) : undefined
    input?.focus()
    // An input that is hidden can’t take the focus.
    setSaid({ marked, beside: input !== undefined && document.activeElement === input })
  }, [state])
  useLayoutEffect(() => {
    if (!said.beside) summary.current?.focus()
  }, [said])

  const filled = (
    <form
      ref={form}
      action={post}
      aria-label={label}
      className={className}
      noValidate
      // React resets a form after its action; submitting it here keeps the input.
      onSubmit={(event) => {
        event.preventDefault()
        const { submitter } = event.nativeEvent as SubmitEvent
        const form = new FormData(event.currentTarget, submitter)
        // These fields name the action when the form is posted without scripts.
        for (const name of [...form.keys()]) if (name.startsWith('$ACTION_')) form.delete(name)
        const passed = [...steps].map((step) => step(form))
        if (passed.every((pass) => pass === true)) return startTransition(() => run(form))
        // A transition, so that the button shows a spinner.
        dialog?.keep('answer')
        startTransition(async () => {
          if ((await Promise.all(passed)).every(Boolean)) return startTransition(() => run(form))
          // A field shows the reason.
          dialog?.keep(null)
          dialog?.open()
        })
      }}
    >
      {needsScripts && (
        <Alert kind="warn" title="This form needs JavaScript" className="not-noscript:hidden mb-4">
          <p>Turn it on and reload the page.</p>
        </Alert>
      )}
      {(state.status === 'error' || state.status === 'bug') && !said.beside && (
        <ErrorSummary ref={summary} state={state} marked={said.marked} />
      )}
      {posted === state && posted.status === 'ok' && (posted.message ?? okMessage) && (
        <Alert kind="ok" live title={posted.message ?? okMessage} className="mb-4" />
      )}
      <BeforeSubmit value={steps}>
        <FieldErrors value={state.status === 'error' ? state : noErrors}>
          <PostedFields value={'posted' in posted ? posted.posted : undefined}>{children}</PostedFields>
        </FieldErrors>
      </BeforeSubmit>
    </form>
  )
  if (!after) return filled
  return (
    <>
      {filled}
      {after(state)}
    </>
  )
}

type SummaryProps = { ref: Ref<HTMLDivElement>; state: ActionError | ActionBug; marked: readonly HTMLElement[] }

/** What went wrong, on top of the form, with links to the fields that say more. */
function ErrorSummary({ ref, state, marked }: SummaryProps) {
  const linked = marked.map((input) => ({ input, label: labelOf(input) })).filter(({ label }) => label !== '')
  return (
    <Alert
      kind="bad"
      live
      ref={ref}
      title={state.message}
      action={state.status === 'error' && state.code === 'not_signed_in' && <SignInAgain />}
      className="mb-4"
    >
      {linked.length > 0 && (
        <ul className="flex flex-wrap gap-x-3 gap-y-1">
          {linked.map(({ input, label }) => (
            <li key={input.id}>
              <a
                href={`#${input.id}`}
                className="text-link inline-flex min-h-6 items-center"
                onClick={(event) => {
                  event.preventDefault()
                  input.focus()
                }}
              >
                {label}
              </a>
            </li>
          ))}
        </ul>
      )}
      {state.requestId !== '' && needsReference(state) && (
        <p className="text-muted text-xs">
          Reference <span className="wrap-anywhere font-mono">{state.requestId}</span>
        </p>
      )}
    </Alert>
  )
}
