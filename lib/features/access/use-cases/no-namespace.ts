import { AppError } from '#lib/kernel/model/errors.ts'

export const noNamespace = (): AppError =>
  new AppError('not_found', {
    sentence: 'This space has no namespace on its cluster, so there is nothing to check.',
  })
