import type { ErrorCode } from './errors.ts'

/** An expected failure, as a form shows it. `fields` names the inputs that are wrong and what is wrong with each. */
export type ActionError = {
  status: 'error'
  code: ErrorCode
  message: string
  fields: Record<string, string>
  requestId: string
}

/** A failure that nobody expected: the person gets an id, the log has the rest. */
export type ActionBug = { status: 'bug'; message: string; requestId: string }

/** What a form's action has come to; goes in and out of `useActionState`. */
export type ActionState<D = undefined> =
  | { status: 'idle' }
  | { status: 'ok'; message?: string; data?: D }
  | ActionError
  | ActionBug

/** What a call with plain arguments has come to. */
export type CallState<D> = { status: 'ok'; data: D } | ActionError | ActionBug

/** What `useActionState` starts with. */
export const idle: { status: 'idle' } = { status: 'idle' }
