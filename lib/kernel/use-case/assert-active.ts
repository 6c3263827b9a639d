import type { Tx } from '#lib/kernel/db/client.ts'
import { selectActive } from '#lib/kernel/db/people/find-person.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/**
 * Makes sure that a recipient wasn't deactivated in the meantime. Their row must be locked.
 * @throws AppError principal_unknown
 */
export async function assertActive(tx: Tx, { userId, name }: { userId: string; name: string }, field: string) {
  if ((await selectActive(tx, [userId])).length > 0) return
  const sentence = `${name} has just been deactivated. Choose someone else.`
  throw new AppError('principal_unknown', { sentence, fields: { [field]: sentence } })
}
