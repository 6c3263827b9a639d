import type { FormAction } from './action-form.tsx'
import { showToast } from './show-toast.ts'

/**
 * An action that says its success itself. For a form that leaves the page as soon as it has succeeded, such as the one
 * in the row that it removes.
 */
export const announced =
  (action: FormAction): FormAction =>
  async (state, form) => {
    const result = await action(state, form)
    if (result.status !== 'ok') return result
    if (result.message) showToast(result.message)
    return { status: 'ok' }
  }
