import { isLoopback } from './is-loopback.ts'

/**
 * The origins of Microsoft Graph, in each cloud (learn.microsoft.com/graph/deployments). People's access tokens are
 * sent nowhere else.
 */
export const graphOrigins = [
  'https://graph.microsoft.com',
  'https://graph.microsoft.us',
  'https://dod-graph.microsoft.us',
  'https://microsoftgraph.chinacloudapi.cn',
] as const

/** @returns whether OIDC_GROUPS_OVERAGE may have a value; an origin on this machine is for tests */
export function isGraphOrigin(value: string): boolean {
  if (value === 'refuse' || (graphOrigins as readonly string[]).includes(value)) return true
  const url = URL.parse(value)
  return url !== null && url.protocol === 'http:' && isLoopback(url.hostname) && url.origin === value
}
