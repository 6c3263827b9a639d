/** OpenID Connect Core 1.0, section 2: ASCII. Invisible characters would make it look like somebody else’s. */
const id = /^[\x21-\x7e]{1,255}$/

/** @returns whether a claim can say who a person is */
export const isTokenId = (value: unknown): value is string => typeof value === 'string' && id.test(value)
