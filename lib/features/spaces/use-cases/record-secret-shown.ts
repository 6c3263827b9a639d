import { z } from 'zod'
import { dataKey } from '#lib/features/spaces/model/configuration.ts'
import { objectName } from '#lib/features/spaces/model/workload-view.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'

/**
 * Records that a person is shown the value of one key of a Secret. Returns once the row is durable; until then, the
 * value must not be sent. The gateway authorized and recorded the read itself.
 * @throws AppError forbidden, not_found, trail_unavailable
 */
export const recordSecretShown = changeSpace({
  permission: 'show-secret',
  action: 'space.show-secret',
  input: z.strictObject({ space: spaceKey, secret: objectName, key: dataKey }),
  detail: ({ secret, key }) => ({ secret, key }),
  reconcile: 'none',
  prepare: () => ({ write: async () => {} }),
})
