/**
 * Parses the query of a request into parameters that mean the same to the gateway and the API server. The query
 * upstream is rendered from them, never from the client's bytes. Must never let through anything that Go's
 * url.ParseQuery drops and others keep: a pair with a semicolon or a bad escape, and the whole query if it has more
 * than 10,000 parameters (Go 1.24.12 and later; the API server then continues with none of them).
 */
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

/** An exec may repeat `command`, but not a thousand times. */
const maxParameters = 1_000
const maxQueryBytes = 48 * 1024
const ambiguous = /;|%(?![0-9a-fA-F]{2})/
const ampersand = 38

const refuse = (why: string) => new GatewayRefusal('bad_path', 400, `invalid query: ${why}`)

/**
 * @param query the text after the question mark; printable ASCII (parse-path.ts)
 * @throws GatewayRefusal bad_path when it is too long, ambiguous, or has a credential
 */
export function parseQuery(query: string): URLSearchParams {
  if (query.length > maxQueryBytes) throw refuse(`it has more than ${maxQueryBytes} bytes`)
  let parameters = 1
  for (let at = 0; at < query.length; at++) if (query.charCodeAt(at) === ampersand) parameters++
  if (parameters > maxParameters) throw refuse(`it has more than ${maxParameters} parameters`)
  if (ambiguous.test(query) || !isUtf8(query)) throw refuse('it is not properly encoded')
  const parsed = new URLSearchParams(query)
  if (parsed.has('access_token')) throw refuse('a credential does not belong in a URL, because URLs are logged')
  return parsed
}

/** Bytes that are not UTF-8 would change when rendered again. */
function isUtf8(query: string): boolean {
  if (!query.includes('%')) return true
  try {
    decodeURIComponent(query)
    return true
  } catch {
    return false
  }
}

/**
 * @returns a flag as the API server reads it: the first value counts; `false` and `0` are false, no value is true
 * @throws GatewayRefusal bad_path for any other text: Go also folds letters outside ASCII (it reads `falſe` as false)
 */
export function readFlag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)
  if (value === null) return false
  if (!/^(?:true|false|1|0|)$/i.test(value)) throw refuse(`${name} must be true or false`)
  return !/^(?:false|0)$/i.test(value)
}
