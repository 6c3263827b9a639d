/**
 * The door: the steps that every request takes, upgrade or not, before anything of it goes upstream. Their order is the
 * security of the gateway; each step is a file of its own.
 */
import { type Access, effectiveSpaceIds } from '#lib/gateway/credential/access.ts'
import { decide } from '#lib/gateway/decision/decide.ts'
import type { Decision } from '#lib/gateway/decision/decision.ts'
import { type ClientHeaders, readRequestHeaders } from '#lib/gateway/request/request-headers.ts'
import { parseTarget, type Target } from '#lib/gateway/target/parse-target.ts'
import type { Upstream } from '#lib/gateway/upstream/upstream.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { GatewayRefusal } from './refusal.ts'

export type Admitted = { target: Target; decision: Decision; access: Access; hash: string; upstream: Upstream }

/** @throws GatewayRefusal */
export async function admit(gateway: Gateway, exchange: Exchange, rawHeaders: readonly string[]): Promise<Admitted> {
  const headers = readRequestHeaders(rawHeaders, exchange.upgrade) //                    what the client may say
  exchange.forward = headers.forward
  exchange.userAgent = headers.userAgent
  const target = parseTarget(exchange.method, exchange.url) //                           what the path asks for
  exchange.target = target
  const who = await gateway.authenticate(headers.authorization, exchange.source) //      whose credential it is
  exchange.hash = who.hash
  exchange.access = who.access
  exchange.epoch = who.epoch
  requireOwnName(headers) //                                                             in their own name
  const decision = await decideWithNews(gateway, exchange, target, who.hash) //          may they, now, inside the credential's bounds
  exchange.decision = decision
  const upstream = findCluster(gateway, target) //                                       where it goes
  gateway.noteUse(exchange.access.credential.id, exchange.source) //                     when and from where it was last used
  return { target, decision, access: exchange.access, hash: who.hash, upstream }
}

function requireOwnName({ impersonates }: ClientHeaders): void {
  if (impersonates)
    throw new GatewayRefusal(
      'impersonation_forbidden',
      403,
      'nobody acts as somebody else through Spaceport: leave out --as',
    )
}

/**
 * What is remembered may lack what was granted a moment ago. So before a refusal, and before a list that would be short
 * of a space, access is read again if anything happened since it was read.
 */
async function decideWithNews(gateway: Gateway, exchange: Exchange, target: Target, hash: string): Promise<Decision> {
  const attempt = () => {
    if (!exchange.access) throw new GatewayRefusal('unknown_credential', 401, 'this credential is not known')
    return decide(target, exchange.access, gateway.clock(), gateway)
  }
  try {
    const decision = attempt()
    if (decision.as === 'person' || !gateway.cache.outdated(hash)) return decision
  } catch (error) {
    if (!(error instanceof GatewayRefusal) || !gateway.cache.outdated(hash)) throw error
  }
  gateway.cache.forget(hash)
  exchange.epoch = gateway.cache.epoch()
  const news = await gateway.cache.read(hash)
  if (news) exchange.access = news
  return attempt()
}

/**
 * A turn, room, a body and the trail may be waited for: who has lost access meanwhile is refused, before anything goes
 * upstream.
 * @param withNews what was granted a moment ago counts, too
 * @throws GatewayRefusal
 */
export async function admitAgain(
  gateway: Gateway,
  exchange: Exchange,
  admitted: Admitted,
  withNews: boolean,
): Promise<Admitted> {
  if (withNews && gateway.cache.outdated(admitted.hash)) gateway.cache.forget(admitted.hash)
  const epoch = gateway.cache.epoch()
  const access = await gateway.cache.read(admitted.hash)
  if (!access) throw new GatewayRefusal('credential_revoked', 401, 'this credential is no longer there')
  const decision = decide(admitted.target, access, gateway.clock(), gateway)
  Object.assign(exchange, { access, epoch, decision })
  return { ...admitted, access, decision }
}

function findCluster(gateway: Gateway, target: Target): Upstream {
  const upstream = gateway.clusters.get(target.cluster)
  if (!upstream)
    throw new GatewayRefusal('unknown_cluster', 404, `there is no cluster ${JSON.stringify(target.cluster)} here`)
  return upstream
}

/** @returns looks at a request again while it is being answered: what would refuse it now; undefined: it may go on */
export function recheck(gateway: Gateway, { target, decision }: Admitted) {
  const before = decision.as === 'gateway' ? decision.spaceIds.join() : undefined
  return (access: Access, now: number): GatewayRefusal | undefined => {
    try {
      decide(target, access, now, gateway)
    } catch (error) {
      if (error instanceof GatewayRefusal) return error
      throw error
    }
    if (before !== undefined && effectiveSpaceIds(access, target.cluster, now).join() !== before)
      return new GatewayRefusal('access_changed', 410, 'the set of your spaces has changed; list them again')
    return undefined
  }
}
