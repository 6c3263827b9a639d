import { AppError } from '#lib/kernel/model/errors.ts'

/**
 * Lets only our own pages change anything. Browsers send Origin with every POST, and Sec-Fetch-Site where the page is
 * on https or localhost (Fetch standard; Fetch Metadata Request Headers, section 2.3).
 * @param own SPACEPORT_URL
 * @throws AppError foreign_origin
 */
export function assertOwnOrigin(headers: Headers, own: string): void {
  if (headers.get('origin') !== own) throw refusal(headers)
  assertNotForeign(headers, own)
}

/**
 * As assertOwnOrigin, for reads: requests without Origin are allowed unless the browser says that they come from
 * another site. A link or the address bar (`none`) does not count as another site.
 * @throws AppError foreign_origin
 */
export function assertNotForeign(headers: Headers, own: string): void {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  if (origin !== null && origin !== own) throw refusal(headers)
  if (site !== null && site !== 'same-origin' && site !== 'none') throw refusal(headers)
}

const refusal = (headers: Headers) =>
  new AppError('foreign_origin', {
    detail: `origin ${JSON.stringify(headers.get('origin'))}, site ${JSON.stringify(headers.get('sec-fetch-site'))}`,
  })
