/**
 * @param header the value of If-Match or If-None-Match (RFC 9110, section 13.1)
 * @param tag the entity tag of the resource as it is; compared weakly, since all of ours are weak
 * @returns whether the header names it
 */
export function namesTag(header: string, tag: string): boolean {
  const opaque = (text: string) => text.trim().replace(/^W\//, '')
  return header.trim() === '*' || header.split(',').some((one) => opaque(one) === opaque(tag))
}
