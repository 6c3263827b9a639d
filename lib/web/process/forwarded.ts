import 'server-only'
import { processValue } from '#lib/observability/process-value.ts'
import { webConfig } from './web-config.ts'
import { webLog } from './web-log.ts'

const seen = () => processValue('forwarded', () => ({ told: false }))
const hint = 'set SPACEPORT_TRUSTED_HOPS to the number of reverse proxies in front'

/**
 * A portal on https has a proxy in front, since its own server speaks http. Where no hop is trusted, every request seems to
 * come from that proxy: in the trail, and wherever failures are counted.
 */
export function warnOfUntoldProxy(): void {
  const { SPACEPORT_URL, SPACEPORT_TRUSTED_HOPS } = webConfig()
  if (SPACEPORT_TRUSTED_HOPS === 0 && SPACEPORT_URL.startsWith('https:'))
    webLog().warn(`everybody will seem to come from one address: ${hint}`)
}

/** Remembers that a request came with X-Forwarded-For although no proxy is told of; logged once. */
export function noteForwarded(): void {
  if (webConfig().SPACEPORT_TRUSTED_HOPS > 0) return
  const state = seen()
  if (!state.told) webLog().warn(`a request came through a proxy that nobody told of, or pretends so: ${hint}`)
  state.told = true
}

/** @returns what readiness tells of it */
export const readForwarded = async (): Promise<string> =>
  seen().told ? `requests come with X-Forwarded-For, and no proxy is trusted: ${hint}` : 'ok'
