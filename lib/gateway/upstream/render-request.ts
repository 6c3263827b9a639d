/**
 * A request's head as it goes to the API server. Must never let a second field or a second request into it, whatever names
 * and values hold, nor any framing but our own.
 */

export type UpstreamRequest = {
  method: string
  /** With its query. */
  path: string
  /** Names and values in turn. */
  fields: readonly string[]
  body: Buffer | null
}

const methods = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'])
const withBody = new Set(['POST', 'PUT', 'PATCH'])
const path = /^\/[\x21-\x7e]*$/
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const notInValue = /[^\t\x20-\x7e\x80-\xff]/
/** How a message ends and what becomes of its connection is said here alone. */
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
/** The names that were found good: there are a few dozen, and they come with every request. */
const known = new Set<string>()
const maxKnown = 256

/**
 * @param authority host and port
 * @param upgrade the protocol that is asked for; such a request has no body
 * @throws Error: a bug, as everything in it was checked before
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

/** @returns whether it may be sent again when nobody knows what became of it */
export const mayRepeat = ({ method, body }: UpstreamRequest): boolean =>
  body === null && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS')
