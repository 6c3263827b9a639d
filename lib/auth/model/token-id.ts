/** OpenID Connect Core 1.0, section 2: ASCII. With invisible characters, two ids could look the same. */
const id = /^[\x21-\x7e]{1,255}$/

export const isTokenId = (value: unknown): value is string => typeof value === 'string' && id.test(value)
