import { AppError } from '#lib/kernel/model/errors.ts'

/** @returns the error for a second filter with the same name */
export function nameTaken(): AppError {
  const sentence = 'You already have a filter with this name. Choose another.'
  return new AppError('name_taken', { sentence, fields: { name: sentence } })
}
