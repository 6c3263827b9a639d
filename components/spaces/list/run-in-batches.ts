import type { FormAction } from '#components/ui/form/action-form.tsx'
import { type ChosenSpace, type SpaceOutcome, spacesPerBatch } from '#lib/features/spaces/model/space-choice.ts'
import { type ActionState, idle } from '#lib/kernel/model/action-state.ts'

const unknown = 'We got no response, so the change may or may not have been made. Check before you try again.'

/**
 * Runs a bulk action a few spaces per request. If a request after the first fails as a whole, it stops and reports the
 * error for all remaining spaces.
 * @param onProgress gets how many have been tried
 */
export async function runInBatches(
  action: FormAction<SpaceOutcome[]>,
  form: FormData,
  spaces: readonly ChosenSpace[],
  onProgress: (tried: number) => void,
): Promise<ActionState<SpaceOutcome[]>> {
  const all: SpaceOutcome[] = []
  for (let from = 0; from < spaces.length; from += spacesPerBatch) {
    form.set('from', String(from))
    const state = await action(idle, form).catch((error: unknown) => {
      if (from === 0 || hasDigest(error)) throw error
      return { status: 'bug' as const, message: unknown, requestId: '' }
    })
    if (state.status === 'idle' || (state.status !== 'ok' && from === 0)) return state
    const failed = state.status === 'ok' ? null : state.message
    all.push(
      ...(state.status === 'ok' ? (state.data ?? []) : spaces.slice(from).map((space) => ({ ...space, why: failed }))),
    )
    if (failed !== null) break
    onProgress(all.length)
  }
  return { status: 'ok', data: all }
}

/** Next’s own signals, and failures on the server that Next handles. */
const hasDigest = (error: unknown): boolean => typeof error === 'object' && error !== null && 'digest' in error
