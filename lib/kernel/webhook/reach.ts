import type { BlockList } from 'node:net'
import { parseWebhookHost, type WebhookHost } from '#lib/config/parse-webhook-host.ts'
import { bareAddress, contains, isPublicAddress, listOf } from './public-address.ts'

/** The target of a URL: the host as in URLs, with IPv6 in brackets. */
export type Target = { secure: boolean; host: string; port: number }

export type ReachOptions = {
  /** SPACEPORT_WEBHOOK_ALLOWED_HOSTS */
  allowedHosts: readonly string[]
  /** SPACEPORT_DENIED_CIDRS, which apply to webhooks as to spaces. */
  deniedCidrs: readonly string[]
}

export type Reach = {
  /** Whether the operator lists it by name: then any address is allowed. */
  lists(target: Target): boolean
  /** Whether a webhook may go to a target that resolved to an address. */
  allows(target: Target, address: string): boolean
}

export const targetOf = ({ protocol, hostname, port }: URL): Target => {
  const secure = protocol === 'https:'
  return { secure, host: hostname.replace(/\.$/, ''), port: port === '' ? (secure ? 443 : 80) : Number(port) }
}

/**
 * Allows public addresses, by https on port 443, and what the operator lists.
 * @returns the checks, for each time an address is about to be used
 */
export function createReach({ allowedHosts, deniedCidrs }: ReachOptions): Reach {
  const hosts: WebhookHost[] = []
  const ranges: string[] = []
  for (const item of allowedHosts.map(parseWebhookHost)) {
    if (typeof item === 'string') ranges.push(item)
    else if (item) hosts.push(item)
  }
  const allowed: BlockList = listOf(ranges)
  const denied: BlockList = listOf(deniedCidrs)
  const lists = ({ host, port }: Target) =>
    hosts.some((listed) => listed.host === host && (listed.port === null || listed.port === port))
  return {
    lists,
    allows(target, address) {
      const bare = bareAddress(address)
      if (bare === null) return false
      if (lists(target) || contains(allowed, bare)) return true
      return target.secure && target.port === 443 && isPublicAddress(bare) && !contains(denied, bare)
    },
  }
}
