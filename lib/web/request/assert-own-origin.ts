import { AppError } from '#lib/kernel/model/errors.ts'

/**
 * Allows changes only from the portal's own pages. Browsers send Origin with every POST, and Sec-Fetch-Site if the page
 * is on https or localhost (Fetch standard; Fetch Metadata Request Headers, section 2.3).
 * @param own SPACEPORT_URL
 * @throws AppError foreign_origin
 */
export function assertOwnOrigin(headers: Headers, own: string): void {
  if (headers.get('origin') !== own) throw refusal(headers)
  assertNotForeign(headers, own)
}

/**
 * Like assertOwnOrigin, for reads: requests without Origin are allowed unless the browser marks them as cross-site. A
 * link or the address bar (`none`) is not cross-site.
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
