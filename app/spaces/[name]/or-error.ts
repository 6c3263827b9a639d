import { type AppError, isAppError } from '#lib/kernel/model/errors.ts'

/** @returns what was read, or why it can’t be shown now */
export const orError = <T>(read: Promise<T>): Promise<T | AppError> =>
  read.catch((error: unknown): AppError => {
    if (isAppError(error)) return error
    throw error
  })
