import type { ErrorCode } from './errors.ts'

/** The fields of a form that was posted without scripts, by name. */
type PostedFields = Record<string, string>

/** An expected failure, as a form shows it. `fields` maps each invalid input to its error. */
export type ActionError = {
  status: 'error'
  code: ErrorCode
  message: string
  fields: Record<string, string>
  requestId: string
  posted?: PostedFields
}

/** An unexpected failure: the person sees an id; the rest is in the log. */
export type ActionBug = { status: 'bug'; message: string; requestId: string; posted?: PostedFields }

/** The result of a form action, for `useActionState`. */
export type ActionState<D = undefined> =
  | { status: 'idle' }
  | { status: 'ok'; message?: string; data?: D }
  | ActionError
  | ActionBug

export type CallState<D> = { status: 'ok'; data: D } | ActionError | ActionBug

/** The initial state for `useActionState`. */
export const idle: { status: 'idle' } = { status: 'idle' }
