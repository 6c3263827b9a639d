import { AppError } from '#lib/kernel/model/errors.ts'

/** @returns what is thrown when a person has a filter of this name for the list already */
export function nameTaken(): AppError {
  const sentence = 'You have a filter with this name already. Choose another.'
  return new AppError('name_taken', { sentence, fields: { name: sentence } })
}
