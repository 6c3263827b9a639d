import 'server-only'
import { headers } from 'next/headers'
import type { ActionBug, ActionError } from '#lib/kernel/model/action-state.ts'
import { runSafely } from './run-safely.ts'

type State = { status: 'ok' } | ActionError | ActionBug

/**
 * Like runSafely, for an action of a form.
 * @param form the action's argument; a forged call may send anything
 * @returns the form's state. If a browser without scripts posted the form and it was refused, the state contains the
 *   form's fields, because the page that shows the error would otherwise show them empty
 */
export async function runForm<S extends State>(
  name: string,
  form: unknown,
  run: () => Promise<S>,
): Promise<S | ActionError | ActionBug> {
  const state = await runSafely(name, run)
  if (state.status === 'ok' || !(form instanceof FormData)) return state
  // Another site’s text must not appear on our page.
  if (state.status === 'error' && state.code === 'foreign_origin') return state
  // Scripts name the action in this header.
  if ((await headers()).has('next-action')) return state
  const fields = [...form].filter((field): field is [string, string] => typeof field[1] === 'string')
  return { ...state, posted: Object.fromEntries(fields) }
}
