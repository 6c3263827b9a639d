import type { Tx } from '#lib/kernel/db/client.ts'
import { selectIssuers } from '#lib/kernel/db/people/select-issuers.ts'
import type { ActingContext } from './context.ts'

/**
 * @returns the identity providers that count. The worker isn't configured with them, and takes those that web
 * checks
 */
export const issuersInUse = async (ctx: ActingContext, tx: Tx): Promise<readonly string[]> =>
  ctx.issuers.length === 0 ? selectIssuers(tx) : ctx.issuers
