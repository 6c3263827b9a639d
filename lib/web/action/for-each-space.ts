import type { ChosenSpace, SpaceOutcome } from '#lib/features/spaces/model/space-choice.ts'

/**
 * Changes several spaces, each by itself: one that fails stops no other.
 * @param run changes one; @param tell says why it failed
 * @returns what became of each, in their order
 */
export const forEachSpace = (
  spaces: readonly ChosenSpace[],
  run: (space: ChosenSpace) => Promise<unknown>,
  tell: (error: unknown) => string,
): Promise<SpaceOutcome[]> =>
  Promise.all(
    spaces.map((space) =>
      run(space).then(
        () => ({ ...space, why: null }),
        (error: unknown) => ({ ...space, why: tell(error) }),
      ),
    ),
  )
