import { findSpaceOf, type SpaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { SpaceRecord } from '#lib/db/find-space.ts'
import { AppError } from '#lib/domain/errors.ts'

/** For use cases that a platform role allows in every space. @throws AppError not_found */
export async function findAnySpace(ctx: BrokerContext, key: SpaceKey): Promise<SpaceRecord> {
  const space = await findSpaceOf(ctx, key)
  if (!space) throw new AppError('not_found')
  return space
}
