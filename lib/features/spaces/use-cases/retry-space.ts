import { z } from 'zod'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'

export const retrySpaceInput = z.strictObject({ space: spaceKey })

/** Retries now instead of after the delay. */
export const retrySpace = changeSpace({
  permission: 'retry-space',
  action: 'space.retry',
  input: retrySpaceInput,
  prepare: () => ({ write: async () => {} }),
})
