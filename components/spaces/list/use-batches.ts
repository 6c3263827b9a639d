import { useOptimistic, useState } from 'react'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import type { ChosenSpace, SpaceOutcome } from '#lib/features/spaces/model/space-choice.ts'
import { runInBatches } from './run-in-batches.ts'

/**
 * @param spaces must not change while the form is shown
 * @returns a bulk action as one form action, and how many have been tried; null: not running
 */
export function useBatches(
  act: FormAction<SpaceOutcome[]>,
  spaces: readonly ChosenSpace[],
): { action: FormAction<SpaceOutcome[]>; tried: number | null } {
  // React shows other state set by an action only when the action has ended.
  const [tried, setTried] = useOptimistic<number | null>(null)
  const [action] = useState(() => async (_: unknown, form: FormData) => {
    setTried(0)
    return runInBatches(act, form, spaces, setTried)
  })
  return { action, tried }
}
