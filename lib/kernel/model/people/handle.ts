/** Letters that Unicode decomposition doesn't change. */
const plain: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  þ: 'th',
  ð: 'd',
  ı: 'i',
}

/**
 * Creates a person's immutable handle: a readable slug and a random suffix that is never reused. Also the name of their
 * ServiceAccount (RFC 1123 label).
 * @param name from the identity provider: preferred user name, email or name
 * @param suffix six random lowercase hexadecimal digits
 */
export function makeHandle(name: string, suffix: string): string {
  const slug = (name.split('@')[0] ?? '')
    .toLowerCase()
    .replace(/[æœßøđłþðı]/g, (letter) => plain[letter] ?? letter)
    .normalize('NFKD')
    // The accents that decomposition separated from their letters.
    .replace(/\p{Mark}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return `${/^[a-z]/.test(slug) ? slug : `u-${slug}`.replace(/-$/, '')}-${suffix}`
}

/** @returns the slug of a handle, which isn't unique */
export const readablePart = (handle: string): string => handle.replace(/-[0-9a-f]{6}$/, '')
