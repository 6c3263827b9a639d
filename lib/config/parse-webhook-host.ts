import { z } from 'zod'

const cidr = z.union([z.cidrv4(), z.cidrv6()])

/** A name or an address (IPv6 in brackets), with an optional port. */
const hostAndPort = /^(\[[0-9a-f:.]+\]|[a-z0-9]([-a-z0-9.]*[a-z0-9])?)(?::(\d{1,5}))?$/

/** A host that webhooks may use at any address: its name or address as in URLs. Port null: any. */
export type WebhookHost = { host: string; port: number | null }

/** @returns a host of the list, or the text itself for a range (CIDR); null if it is neither */
export function parseWebhookHost(item: string): WebhookHost | string | null {
  const lower = item.toLowerCase()
  if (cidr.safeParse(lower).success) return lower
  const [, written, , port] = hostAndPort.exec(lower) ?? []
  const host = written === undefined ? undefined : URL.parse(`https://${written}`)?.hostname
  if (host === undefined || Number(port ?? 0) > 65_535) return null
  return { host, port: port === undefined ? null : Number(port) }
}
