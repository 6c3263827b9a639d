/**
 * Parses the path of a request into segments that mean the same to the gateway and the API server. Must never let
 * through anything that another parser could read differently (`..`, `.`, `//`, encoded separators, `\`, control
 * characters, absolute URLs, fragments). The path upstream is built from the segments, never from the client's bytes.
 */
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

export type ParsedPath = {
  segments: string[]
  /** Each segment, encoded again where needed. */
  encoded: string[]
  /** Without the question mark; '' if there is none. */
  query: string
}

const slash = 47
const question = 63
const percent = 37
const semicolon = 59

const refuse = (why: string) => new GatewayRefusal('bad_path', 400, `invalid path: ${why}`)

/**
 * @param url the request target as received (RFC 9112, section 3.2: only the origin form is accepted)
 * @throws GatewayRefusal bad_path
 */
export function parsePath(url: string): ParsedPath {
  if (url.charCodeAt(0) !== slash) throw refuse('it must start with a slash')
  let end = url.length
  let encodedAtAll = false
  for (let at = 0; at < url.length; at++) {
    const code = url.charCodeAt(at)
    if (code <= 32 || code >= 127 || code === 92 || code === 35) throw refuse('it has an invalid character')
    if (at < end) {
      if (code === question) end = at
      else if (code === percent) encodedAtAll = true
      // Some parsers take what follows as parameters of the segment.
      else if (code === semicolon) throw refuse('it has an invalid character')
    }
  }
  const path = url.slice(1, end)
  const query = end < url.length ? url.slice(end + 1) : ''
  const parts = path.split('/')
  if (parts.length > 1 && parts[parts.length - 1] === '') parts.pop()
  if (parts.length === 1 && parts[0] === '') return { segments: [], encoded: [], query }
  const segments = encodedAtAll ? parts.map(decodeSegment) : parts
  for (const segment of segments) {
    if (segment === '') throw refuse('it has an empty segment')
    if (segment === '.' || segment === '..') throw refuse('it has a relative segment')
  }
  return { segments, encoded: encodedAtAll ? segments.map(encodeURIComponent) : parts, query }
}

function decodeSegment(part: string): string {
  if (!part.includes('%')) return part
  // No honest client percent-encodes a dot, slash, backslash, percent sign or delimiter.
  if (/%(2e|2f|5c|25|3f|23|3b)/i.test(part)) throw refuse('it has an encoded separator')
  let decoded: string
  try {
    decoded = decodeURIComponent(part)
  } catch {
    throw refuse('it is not properly encoded')
  }
  for (let at = 0; at < decoded.length; at++) {
    const code = decoded.charCodeAt(at)
    if (code < 32 || code >= 127) throw refuse('it has an invalid character')
  }
  return decoded
}
