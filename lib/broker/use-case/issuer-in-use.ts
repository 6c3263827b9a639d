import type { Tx } from '#lib/db/client.ts'
import { findIssuer } from '#lib/db/find-issuer.ts'
import type { ActingContext } from './context.ts'

/**
 * @returns the identity provider whose groups count. The worker isn't told which it is, and takes the one of the latest
 *   sign-in
 */
export const issuerInUse = async (ctx: ActingContext, tx: Tx): Promise<string> =>
  ctx.issuer === '' ? findIssuer(tx) : ctx.issuer
