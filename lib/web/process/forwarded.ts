import 'server-only'
import { processValue } from '#lib/observability/process-value.ts'
import { webConfig } from './web-config.ts'
import { webLog } from './web-log.ts'

const seen = () => processValue('forwarded', () => ({ forwarded: false }))
const hint = 'set SPACEPORT_TRUSTED_HOPS to the number of reverse proxies in front'

/**
 * A portal on https has a proxy in front, since its own server speaks http. Without a trusted hop, every request seems
 * to come from that proxy, in the trail and in rate limits.
 */
export function warnOfUndeclaredProxy(): void {
  const { SPACEPORT_URL, SPACEPORT_TRUSTED_HOPS } = webConfig()
  if (SPACEPORT_TRUSTED_HOPS === 0 && SPACEPORT_URL.startsWith('https:'))
    webLog().warn(`all requests will seem to come from one address: ${hint}`)
}

/** Notes a request with X-Forwarded-For although no proxy is configured; logged once. */
export function noteForwarded(): void {
  if (webConfig().SPACEPORT_TRUSTED_HOPS > 0) return
  const state = seen()
  if (!state.forwarded) webLog().warn(`a request came through an unconfigured proxy, or pretends to: ${hint}`)
  state.forwarded = true
}

export const readForwarded = async (): Promise<string> =>
  seen().forwarded ? `requests come with X-Forwarded-For, and no proxy is trusted: ${hint}` : 'ok'
