import type { ChosenSpace, SpaceOutcome } from '#lib/features/spaces/model/space-choice.ts'

/**
 * Changes several spaces separately: a failure doesn't stop the others.
 * @param run changes one space
 * @param explain turns an error into a message
 * @returns the results, in the same order
 */
export const forEachSpace = (
  spaces: readonly ChosenSpace[],
  run: (space: ChosenSpace) => Promise<unknown>,
  explain: (error: unknown) => string,
): Promise<SpaceOutcome[]> =>
  Promise.all(
    spaces.map((space) =>
      run(space).then(
        () => ({ ...space, why: null }),
        (error: unknown) => ({ ...space, why: explain(error) }),
      ),
    ),
  )
