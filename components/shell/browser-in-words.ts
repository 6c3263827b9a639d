import { getParser } from 'bowser'

/**
 * @param userAgent a User-Agent header (RFC 9110, section 10.1.5); may be any text
 * @returns "Firefox 140 on Windows"; null if unknown
 */
export function browserInWords(userAgent: string | null): string | null {
  if (!userAgent) return null
  const parser = getParser(userAgent)
  const { name, version } = parser.getBrowser()
  const system = parser.getOSName()
  if (!name || !system) return null
  return `${[name, version?.split('.')[0]].filter(Boolean).join(' ')} on ${system}`
}
