import type { FormAction } from './action-form.tsx'
import { showToast } from './show-toast.ts'

/**
 * Shows an action's success message from the action itself, for forms that disappear on success, such as one in a row
 * that it removes.
 */
export const announced =
  (action: FormAction): FormAction =>
  async (state, form) => {
    const result = await action(state, form)
    if (result.status !== 'ok') return result
    if (result.message) showToast(result.message)
    return { status: 'ok' }
  }
