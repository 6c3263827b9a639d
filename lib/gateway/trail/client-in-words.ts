/** The first product of a User-Agent (RFC 9110, section 10.1.5) and its version: `kubectl/v1.36.0`. */
const product = /^([A-Za-z][\w.-]{0,31})(?=[/ ]|$)(?:\/v?(\d{1,4})(?:\.(\d{1,4}))?(?!\w))?/
/** The system as Go's clients send it: `(linux/amd64)`. */
const system = /\(([a-z]{1,16})\/[a-z0-9]{1,16}\)/

/**
 * Keeps only letters, digits and `_.-`, because clients can send anything.
 * @returns "kubectl 1.36, linux"; null if unknown
 */
export function clientInWords(userAgent: string | undefined): string | null {
  const [, name, major, minor] = product.exec(userAgent ?? '') ?? []
  if (!name) return null
  const version = [major, minor].filter(Boolean).join('.')
  const os = system.exec(userAgent ?? '')?.[1]
  return `${[name.replace(/\.exe$/, ''), version].filter(Boolean).join(' ')}${os ? `, ${os}` : ''}`
}
