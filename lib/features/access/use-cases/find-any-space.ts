import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { findSpaceOf, type SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

const finding = new WeakMap<BrokerContext['actor'], Map<string, Promise<SpaceRecord | null>>>()

/**
 * For use cases that a platform role allows in every space. Concurrent calls within a request share one statement; a
 * later call reads again.
 * @throws AppError not_found
 */
export async function findAnySpace(ctx: BrokerContext, key: SpaceKey): Promise<SpaceRecord> {
  const pending = finding.get(ctx.actor) ?? new Map<string, Promise<SpaceRecord | null>>()
  finding.set(ctx.actor, pending)
  const of = JSON.stringify([key.cluster ?? ctx.clusters.defaultName, key.name])
  const asked = pending.get(of) ?? findSpaceOf(ctx, key).finally(() => pending.delete(of))
  pending.set(of, asked)
  const space = await asked
  if (!space) throw new AppError('not_found')
  return space
}
