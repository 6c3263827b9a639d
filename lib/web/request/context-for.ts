import 'server-only'
import { type CallerContext, sealContext } from '#lib/broker/use-case/seal-context.ts'
import type { Actor } from '#lib/domain/person.ts'
import { services } from '#lib/web/process/services.ts'
import { requestOrigin } from './request-origin.ts'

/** @returns the context of use cases for a person who is signed in */
export const contextFor = async (actor: Actor, received: Headers): Promise<CallerContext> =>
  sealContext(await services(), actor, requestOrigin(received))
