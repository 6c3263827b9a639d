/**
 * Renders the head of a request to the API server. Must never let a name or value smuggle in another field, request or
 * framing.
 */

export type UpstreamRequest = {
  method: string
  path: string
  /** Names and values alternate. */
  fields: readonly string[]
  body: Buffer | null
}

const methods = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'])
const withBody = new Set(['POST', 'PUT', 'PATCH'])
const path = /^\/[\x21-\x7e]*$/
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const notInValue = /[^\t\x20-\x7e\x80-\xff]/
/** Fields about framing and the connection. Only this file writes them. */
const ours = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
])
/** Names that passed the check. Every request repeats the same few dozen. */
const known = new Set<string>()
const maxKnown = 256

/**
 * @param authority host and port
 * @param upgrade the protocol to switch to; such a request has no body
 * @throws Error for anything invalid: a bug, because earlier steps checked it all
 */
export function renderRequest(authority: string, request: UpstreamRequest, upgrade?: string): string {
  const { method, fields, body } = request
  if (!methods.has(method)) throw new Error('a request with a method that is not known')
  if (!path.test(request.path)) throw new Error('a request with a path that can’t be written')
  let head = `${method} ${request.path} HTTP/1.1\r\nHost: ${authority}\r\n`
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = fields[at] ?? ''
    const value = fields[at + 1] ?? ''
    if (!known.has(name)) checkName(name)
    if (notInValue.test(value)) throw new Error(`a request with a field ${name} that can’t be written`)
    head += `${name}: ${value}\r\n`
  }
  if (upgrade !== undefined) {
    if (body !== null || !token.test(upgrade.replace('/', ''))) throw new Error('an upgrade that can’t be written')
    head += `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`
  }
  if (body !== null) head += `Content-Length: ${body.length}\r\n`
  else if (withBody.has(method)) head += 'Content-Length: 0\r\n'
  return `${head}\r\n`
}

function checkName(name: string): void {
  if (!token.test(name) || ours.has(name.toLowerCase())) throw new Error('a request with a field that can’t be written')
  if (known.size < maxKnown) known.add(name)
}

/** @returns whether it is safe to send again even if the first attempt arrived */
export const mayRepeat = ({ method, body }: UpstreamRequest): boolean =>
  body === null && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS')
