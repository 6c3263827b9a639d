import { getParser } from 'bowser'

/**
 * @param userAgent what a browser calls itself (RFC 9110, section 10.1.5): anything at all
 * @returns that as a person would say it, "Firefox 140 on Windows"; null for what is not known
 */
export function browserInWords(userAgent: string | null): string | null {
  if (!userAgent) return null
  const parser = getParser(userAgent)
  const { name, version } = parser.getBrowser()
  const system = parser.getOSName()
  if (!name || !system) return null
  return `${[name, version?.split('.')[0]].filter(Boolean).join(' ')} on ${system}`
}
