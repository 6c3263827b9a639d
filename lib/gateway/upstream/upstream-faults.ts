import type { AdmittedRequest } from '#lib/gateway/admit.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { UpstreamError } from './upstream-error.ts'

/** @param change gets no Retry-After, because kubectl would then repeat it */
export function describeFault(cluster: string, error: unknown, change: boolean): GatewayRefusal {
  const fault = error instanceof UpstreamError ? error.fault : undefined
  if (fault === 'timeout')
    return new GatewayRefusal('cluster_timeout', 504, `cluster ${cluster} did not answer in time`, undefined, error)
  if (fault === 'busy')
    return new GatewayRefusal(
      'too_busy',
      429,
      `cluster ${cluster} is busy; retry shortly`,
      { retryAfterSeconds: 1 },
      error,
    )
  if (change && fault !== 'connect' && fault !== 'connect timeout') {
    const message = `cluster ${cluster} did not answer; the change may have been made, so check before retrying`
    return new GatewayRefusal('cluster_unreachable', 503, message, undefined, error)
  }
  const message = `cluster ${cluster} is unreachable; retry shortly`
  return new GatewayRefusal('cluster_unreachable', 503, message, { retryAfterSeconds: 1 }, error)
}

/**
 * @returns a refusal in place of a redirect, which the client would follow past the gateway, or of a rejection of the
 * gateway's own credential
 */
export function refuseAnswer(
  { upstream }: Pick<AdmittedRequest, 'upstream'>,
  status: number,
): GatewayRefusal | undefined {
  if (status >= 300 && status < 400 && status !== 304)
    return new GatewayRefusal(
      'cluster_redirect',
      502,
      `cluster ${upstream.name} answered with a redirect, which Spaceport does not follow`,
    )
  if (status !== 401) return undefined
  upstream.credentialRefused()
  return new GatewayRefusal(
    'cluster_credential',
    502,
    `cluster ${upstream.name} rejects the gateway’s credential; ask a platform admin`,
  )
}
