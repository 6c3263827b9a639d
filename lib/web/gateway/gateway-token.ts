import 'server-only'
import { LRUCache } from 'lru-cache'
import { openBrowserAccess } from '#lib/features/credentials/use-cases/open-browser-access.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { processValue } from '#lib/observability/process-value.ts'

const maxSessions = 5_000
/** A credential that expires within this time is replaced. */
const marginMs = 60_000

type Opened = Awaited<ReturnType<typeof openBrowserAccess>>

/** Tokens are only in this process’s memory; other processes create their own. */
const tokens = () => processValue('gateway-tokens', () => new LRUCache<string, Promise<Opened>>({ max: maxSessions }))

/**
 * The signed-in person's token for the gateway. It expires with their session.
 * @param fresh whether the gateway has just refused the cached one
 * @throws AppError as openBrowserAccess
 */
export async function gatewayToken(ctx: CallerContext, fresh = false): Promise<string> {
  const { sessionId } = ctx.actor
  if (sessionId === undefined) throw new AppError('not_signed_in')
  const known = fresh ? undefined : await tokens().get(sessionId)
  if (known && known.endsAt.getTime() - ctx.now.getTime() > marginMs) return known.token
  const opening = openBrowserAccess(ctx, undefined)
  tokens().set(sessionId, opening)
  opening.catch(() => {
    if (tokens().peek(sessionId) === opening) tokens().delete(sessionId)
  })
  return (await opening).token
}
