import { AppError } from '../domain/errors.ts'

/**
 * Lets only our own pages change anything. Browsers send Origin with every POST, and Sec-Fetch-Site where the page is
 * on https or localhost (Fetch standard; Fetch Metadata Request Headers, section 2.3).
 * @param own SPACEPORT_URL
 * @throws AppError foreign_origin
 */
export function assertOwnOrigin(headers: Headers, own: string): void {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  if (origin !== own || (site !== null && site !== 'same-origin'))
    throw new AppError('foreign_origin', { detail: `origin ${JSON.stringify(origin)}, site ${JSON.stringify(site)}` })
}
