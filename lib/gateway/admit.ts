/**
 * Checks whether a request may go upstream. steps.ts runs these before a wait, after it, and while a stream is open.
 */
import { type Access, effectiveSpaceIds } from '#lib/gateway/credential/access.ts'
import type { AuthenticatedCaller } from '#lib/gateway/credential/authenticate.ts'
import { decide } from '#lib/gateway/decision/decide.ts'
import type { Decision } from '#lib/gateway/decision/decision.ts'
import type { ClientHeaders } from '#lib/gateway/request/request-headers.ts'
import type { Target } from '#lib/gateway/target/parse-target.ts'
import type { Upstream } from '#lib/gateway/upstream/upstream.ts'
import type { RequestState } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { GatewayRefusal } from './refusal.ts'

export type AdmittedRequest = RequestState &
  AuthenticatedCaller & {
    readonly headers: ClientHeaders
    readonly target: Target
    readonly decision: Decision
    readonly upstream: Upstream
  }

type AdmitContext = Pick<Gateway, 'cache' | 'clock' | 'portalUrl' | 'clusterReadable'>

/** @throws GatewayRefusal impersonation_forbidden */
export function requireOwnName({ impersonates }: ClientHeaders): void {
  if (impersonates)
    throw new GatewayRefusal('impersonation_forbidden', 403, 'Spaceport does not allow impersonation; remove --as')
}

/**
 * Cached access may lack a recent grant: reads it again, if anything has changed, before a refusal and before a list
 * that could miss a space.
 * @returns undefined: the cached access is good enough
 * @throws (from the result) GatewayRefusal
 */
export function refreshAccess(
  gateway: AdmitContext,
  target: Target,
  who: AuthenticatedCaller,
): Promise<AuthenticatedCaller> | undefined {
  if (!gateway.cache.outdated(who.hash) || mayAsPerson(gateway, target, who.access)) return undefined
  gateway.cache.forget(who.hash)
  return readAgain(gateway, who.hash)
}

function mayAsPerson(gateway: AdmitContext, target: Target, access: Access): boolean {
  try {
    return decide(target, access, gateway.clock(), gateway).as === 'person'
  } catch (error) {
    if (error instanceof GatewayRefusal) return false
    throw error
  }
}

async function readAgain({ cache }: AdmitContext, hash: string): Promise<AuthenticatedCaller> {
  const epoch = cache.epoch()
  const access = await cache.read(hash)
  if (!access) throw new GatewayRefusal('credential_revoked', 401, 'this credential no longer exists')
  return { hash, access, epoch }
}

/** @throws GatewayRefusal unknown_cluster */
export function findCluster(gateway: Gateway, target: Target): Upstream {
  const upstream = gateway.clusters.get(target.cluster)
  if (!upstream)
    throw new GatewayRefusal('unknown_cluster', 404, `there is no cluster ${JSON.stringify(target.cluster)} here`)
  return upstream
}

/**
 * Decides again after a wait, in case access ended during it.
 * @param withRecentGrants whether to include recent grants
 * @throws GatewayRefusal
 */
export async function admitAgain(
  gateway: Gateway,
  admitted: AdmittedRequest,
  withRecentGrants: boolean,
): Promise<AdmittedRequest> {
  const { hash, target } = admitted
  if (withRecentGrants && gateway.cache.outdated(hash)) gateway.cache.forget(hash)
  const who = await readAgain(gateway, hash)
  return { ...admitted, ...who, decision: decide(target, who.access, gateway.clock(), gateway) }
}

/** Ends an answer that was built for a set of spaces the person no longer has. */
export const spacesChanged = () =>
  new GatewayRefusal('access_changed', 410, 'your spaces have changed; list them again')

/**
 * @param follow whether a watch of the person's namespaces continues when their spaces change
 * @returns a check during the answer: the refusal it would get now, or undefined to continue
 */
export function recheck(
  gateway: Gateway,
  { target, decision }: AdmittedRequest,
  follow?: (spaceIds: readonly string[], access: Access) => boolean,
) {
  const before = decision.as === 'gateway' ? decision.spaceIds.join() : undefined
  return (access: Access, now: number): GatewayRefusal | undefined => {
    try {
      decide(target, access, now, gateway)
    } catch (error) {
      if (error instanceof GatewayRefusal) return error
      throw error
    }
    if (before === undefined) return undefined
    const spaceIds = effectiveSpaceIds(access, target.cluster, now)
    const goesOn = follow ? follow(spaceIds, access) : spaceIds.join() === before
    return goesOn ? undefined : spacesChanged()
  }
}
