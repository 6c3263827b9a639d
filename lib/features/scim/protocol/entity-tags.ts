/**
 * @param header the value of If-Match or If-None-Match (RFC 9110, section 13.1)
 * @param tag the resource's current entity tag, compared weakly because all tags here are weak
 * @returns whether the header names it
 */
export function namesTag(header: string, tag: string): boolean {
  const opaque = (text: string) => text.trim().replace(/^W\//, '')
  return header.trim() === '*' || header.split(',').some((one) => opaque(one) === opaque(tag))
}
