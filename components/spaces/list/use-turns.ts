import { useOptimistic, useState } from 'react'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import type { ChosenSpace, SpaceOutcome } from '#lib/features/spaces/model/space-choice.ts'
import { inTurns } from './in-turns.ts'

/**
 * @param spaces must not change while the form is shown
 * @returns an act on several spaces as one action of a form, and how many have been tried; null: it isn’t under way
 */
export function useTurns(
  act: FormAction<SpaceOutcome[]>,
  spaces: readonly ChosenSpace[],
): { action: FormAction<SpaceOutcome[]>; tried: number | null } {
  // Other state that an action sets is shown only when it is over.
  const [tried, setTried] = useOptimistic<number | null>(null)
  const [action] = useState(() => async (_: unknown, form: FormData) => {
    setTried(0)
    return inTurns(act, form, spaces, setTried)
  })
  return { action, tried }
}
