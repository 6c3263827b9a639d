import 'server-only'
import { headers } from 'next/headers'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { Actor } from '#lib/domain/person.ts'
import { services } from '#lib/web/process/services.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { assertNotForeign, assertOwnOrigin } from '#lib/web/request/assert-own-origin.ts'
import { currentActor } from '#lib/web/request/current-session.ts'
import { requestOrigin } from '#lib/web/request/request-origin.ts'
import { takeActionAllowance } from './action-allowance.ts'

/** What use cases are called with for a person who is known already. */
export const contextFor = async (actor: Actor, received: Headers): Promise<BrokerContext> => ({
  ...(await services()),
  actor,
  origin: requestOrigin(received),
})

/**
 * What an action or a route handler that changes things calls use cases with.
 * @throws AppError not_signed_in, foreign_origin; rate_limited for more than anybody does by hand
 */
export async function actionContext(): Promise<BrokerContext> {
  const received = await headers()
  assertOwnOrigin(received, webConfig().SPACEPORT_URL)
  const actor = await currentActor()
  if (!actor) throw new AppError('not_signed_in')
  await takeActionAllowance(actor.userId)
  return contextFor(actor, received)
}

/** As actionContext, for route handlers that only read. @throws AppError not_signed_in, foreign_origin */
export async function readContext(): Promise<BrokerContext> {
  const received = await headers()
  assertNotForeign(received, webConfig().SPACEPORT_URL)
  const actor = await currentActor()
  if (!actor) throw new AppError('not_signed_in')
  return contextFor(actor, received)
}
