import 'server-only'
import { headers } from 'next/headers'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { assertNotForeign, assertOwnOrigin } from '#lib/web/request/assert-own-origin.ts'
import { contextFor } from '#lib/web/request/context-for.ts'
import { currentSession } from '#lib/web/request/current-session.ts'
import { takeActionAllowance } from './action-allowance.ts'

/**
 * The context of actions, and of route handlers that change things.
 * @throws AppError not_signed_in, foreign_origin; rate_limited for more actions than anyone does by hand
 */
export async function actionContext(): Promise<CallerContext> {
  const received = await headers()
  assertOwnOrigin(received, webConfig().SPACEPORT_URL)
  const session = await currentSession()
  if (!session) throw new AppError('not_signed_in')
  await takeActionAllowance(session.actor.userId)
  return contextFor(session, received)
}

/**
 * Like actionContext, for route handlers that only read.
 * @throws AppError not_signed_in, foreign_origin
 */
export async function readContext(): Promise<CallerContext> {
  const received = await headers()
  assertNotForeign(received, webConfig().SPACEPORT_URL)
  const session = await currentSession()
  if (!session) throw new AppError('not_signed_in')
  return contextFor(session, received)
}
