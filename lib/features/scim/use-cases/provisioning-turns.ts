import { AppError } from '#lib/kernel/model/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'

/** Changes of one token that wait for their turn in this process. */
const maxWaiting = 20

type Line = { last: Promise<void>; length: number }

const lines = (): Map<string, Line> => processValue('provisioning-turns', () => new Map())

/**
 * Runs the changes of a provisioning token one after the other, so that they take one connection of this process at most and
 * people's changes find the others. (Across processes: lib/kernel/db/scim/find-scim-token.ts.)
 * @throws AppError rate_limited when too many wait already; what `run` throws
 */
export async function inProvisioningTurn<T>(tokenId: string, run: () => Promise<T>): Promise<T> {
  const line = lines().get(tokenId) ?? { last: Promise.resolve(), length: 0 }
  if (line.length > maxWaiting)
    throw new AppError('rate_limited', { sentence: 'Too many changes at once. Send fewer at a time.' })
  lines().set(tokenId, line)
  line.length++
  const before = line.last
  const { promise, resolve } = Promise.withResolvers<void>()
  line.last = promise
  try {
    await before
    return await run()
  } finally {
    resolve()
    line.length--
    if (line.length === 0) lines().delete(tokenId)
  }
}
