import { isAppError } from '#lib/kernel/model/errors.ts'

/** @returns what a page reads; null if there is no such thing to be seen */
export const foundOrNull = <T>(read: Promise<T>): Promise<T | null> =>
  read.catch((error: unknown) => {
    if (isAppError(error, 'not_found')) return null
    throw error
  })
