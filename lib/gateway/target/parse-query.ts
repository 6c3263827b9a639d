/**
 * The query of a request, as parameters that mean the same to us and to the API server. The query upstream is rendered
 * from them, never from what the client sent. Must never let through anything that Go's url.ParseQuery drops and others
 * keep: a pair with a semicolon or a bad escape, and the whole query if it has more than 10,000 parameters (Go 1.24.12
 * and later; the API server then continues with none of them).
 */
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

/** The `command` of an exec may well be repeated, but nobody writes a thousand arguments. */
const maxParameters = 1_000
const maxQueryBytes = 48 * 1024
const ambiguous = /;|%(?![0-9a-fA-F]{2})/
const ampersand = 38

const refuse = (why: string) => new GatewayRefusal('bad_path', 400, `the request's query is not acceptable: ${why}`)

/**
 * @param query what follows the question mark; printable ASCII (parse-path.ts)
 * @throws GatewayRefusal bad_path when it is too long, when parsers could disagree about it, or when it carries a
 * credential
 */
export function parseQuery(query: string): URLSearchParams {
  if (query.length > maxQueryBytes) throw refuse(`it has more than ${maxQueryBytes} bytes`)
  let parameters = 1
  for (let at = 0; at < query.length; at++) if (query.charCodeAt(at) === ampersand) parameters++
  if (parameters > maxParameters) throw refuse(`it has more than ${maxParameters} parameters`)
  if (ambiguous.test(query) || !isUtf8(query)) throw refuse('it is not properly encoded')
  const parsed = new URLSearchParams(query)
  if (parsed.has('access_token')) throw refuse('a credential does not belong in a URL, which is kept in logs')
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
  if (!/^(?:true|false|1|0|)$/i.test(value)) throw refuse(`its ${name} is neither true nor false`)
  return !/^(?:false|0)$/i.test(value)
}
