/**
 * The header fields that a client may send to the API server. Must never let through: anything that selects an identity
 * (Impersonate-*, X-Remote-*, a token in Sec-WebSocket-Protocol), hop-by-hop fields, or a field that is not on the
 * list.
 */
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

const maxFields = 100
const maxUserAgentLength = 512

/** Lower case → spelling upstream. */
const allowed: ReadonlyMap<string, string> = new Map(
  [
    'Accept',
    'Accept-Encoding',
    'Content-Type',
    'User-Agent',
    'If-Match',
    'If-None-Match',
    'Kubectl-Command',
    'Kubectl-Session',
    'X-Stream-Protocol-Version',
    'Sec-WebSocket-Key',
    'Sec-WebSocket-Version',
    'Sec-WebSocket-Protocol',
  ].map((name) => [name.toLowerCase(), name]),
)
const onlyForUpgrades = new Set([
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'x-stream-protocol-version',
])
/** The gateway and the API server could read two of these differently. */
const single = new Set(['authorization', 'host', 'content-length', 'transfer-encoding', 'content-type', 'upgrade'])
/** The subprotocols of the API server's streams (k8s.io/apimachinery, remotecommand and portforward). */
const streamProtocol = /^(v\d\.)?(base64\.)?channel\.k8s\.io$|^(SPDY\/3\.1\+)?portforward\.k8s\.io$/

export type ClientHeaders = {
  /** Alternating names and values, ready to be sent upstream. */
  forward: string[]
  authorization: string | undefined
  userAgent: string | undefined
  /** The client address as sent (X-Forwarded-For); trusted from the portal only. */
  forwardedFor: string | undefined
  /** The client asks to impersonate someone (kubectl's --as, --as-group, --as-uid). */
  impersonates: boolean
}

/**
 * @param raw alternating names and values, as received
 * @throws GatewayRefusal bad_header
 */
export function readRequestHeaders(raw: readonly string[], upgrade: boolean): ClientHeaders {
  if (raw.length > maxFields * 2) throw new GatewayRefusal('bad_header', 431, 'the request has too many header fields')
  const headers: ClientHeaders = {
    forward: [],
    authorization: undefined,
    userAgent: undefined,
    forwardedFor: undefined,
    impersonates: false,
  }
  let seen = ''
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase()
    let value = raw[at + 1] ?? ''
    if (single.has(name)) {
      if (seen.includes(`${name};`)) throw new GatewayRefusal('bad_header', 400, `the request has two ${name} fields`)
      seen += `${name};`
      if (name === 'authorization') headers.authorization = value
    }
    if (name.startsWith('impersonate-')) headers.impersonates = true
    if (name === 'x-forwarded-for') headers.forwardedFor = value
    const written = allowed.get(name)
    if (written === undefined || (!upgrade && onlyForUpgrades.has(name))) continue
    if (name === 'user-agent') {
      value = value.slice(0, maxUserAgentLength)
      headers.userAgent = value
    }
    if (name === 'sec-websocket-protocol') {
      value = readStreamProtocols(value)
      if (value === '') continue
    }
    headers.forward.push(written, value)
  }
  if (!seen.includes('host;')) throw new GatewayRefusal('bad_header', 400, 'the request has no host field')
  return headers
}

const readStreamProtocols = (value: string): string =>
  value
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => streamProtocol.test(protocol))
    .join(', ')
