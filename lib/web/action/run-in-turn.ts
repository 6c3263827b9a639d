import { type AppError, isAppError } from '#lib/kernel/model/errors.ts'

export type InTurn<T, O> = {
  done: { one: T; output: O }[]
  /** Those with an error about them alone. */
  refused: { one: T; error: AppError }[]
  /** The error that kept the rest from being tried; null: all were. */
  stop: { one: T; error: unknown } | null
}

/**
 * Changes several things one after the other.
 * @param isAboutOne whether an error concerns only one of them; any other error stops the rest
 */
export async function runInTurn<T, O>(
  all: readonly T[],
  run: (one: T) => Promise<O>,
  isAboutOne: (error: AppError) => boolean,
): Promise<InTurn<T, O>> {
  const result: InTurn<T, O> = { done: [], refused: [], stop: null }
  for (const one of all)
    try {
      result.done.push({ one, output: await run(one) })
    } catch (error) {
      if (!isAppError(error) || !isAboutOne(error)) return { ...result, stop: { one, error } }
      result.refused.push({ one, error })
    }
  return result
}
