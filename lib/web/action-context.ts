import 'server-only'
import { headers } from 'next/headers'
import type { BrokerContext } from '../broker/context.ts'
import { AppError } from '../domain/errors.ts'
import { assertOwnOrigin } from './assert-own-origin.ts'
import { currentActor } from './current-session.ts'
import { requestOrigin } from './request-origin.ts'
import { services, webConfig } from './services.ts'

/**
 * What an action or a route handler that changes things calls use cases with.
 * @throws AppError not_signed_in, foreign_origin
 */
export async function actionContext(): Promise<BrokerContext> {
  const received = await headers()
  assertOwnOrigin(received, webConfig().SPACEPORT_URL)
  return readContext(received)
}

/** As actionContext, for route handlers that only read. @throws AppError not_signed_in */
export async function readContext(received?: Headers): Promise<BrokerContext> {
  const given = received ?? (await headers())
  const actor = await currentActor()
  if (!actor) throw new AppError('not_signed_in')
  return { ...(await services()), actor, origin: requestOrigin(given) }
}
