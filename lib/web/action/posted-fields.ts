import 'server-only'
import { headers } from 'next/headers'
import type { ActionBug, ActionError } from '#lib/kernel/model/action-state.ts'

/**
 * @param form the action's argument; a forged call may send anything
 * @returns the state; if the browser posted the form without scripts and it was refused, with the form's fields, because
 *   the page that answers would otherwise show them empty
 */
export async function withPostedFields<S extends { status: 'ok' } | ActionError | ActionBug>(
  state: S,
  form: unknown,
): Promise<S> {
  if (state.status === 'ok' || !(form instanceof FormData)) return state
  // Another site’s text must not appear on our page.
  if (state.status === 'error' && state.code === 'foreign_origin') return state
  // Scripts name the action in this header.
  if ((await headers()).has('next-action')) return state
  const fields = [...form].filter((field): field is [string, string] => typeof field[1] === 'string')
  return { ...state, posted: Object.fromEntries(fields) }
}
