import { isAppError } from '#lib/kernel/model/errors.ts'

/** @returns the result of a read; null if it throws not_found, or bad_input for an address that can’t name anything */
export const nullIfNotFound = <T>(read: Promise<T>): Promise<T | null> =>
  read.catch((error: unknown) => {
    if (isAppError(error, 'not_found', 'bad_input')) return null
    throw error
  })
