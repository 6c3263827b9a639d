import { errorMessage } from './urns.ts'

/** The media type of RFC 7644, section 8.1. */
export const scimType = 'application/scim+json; charset=utf-8'

/** @returns an error in the format of RFC 7644, section 3.12 */
export const renderError = (status: number, detail: string, scimType?: string) => ({
  schemas: [errorMessage],
  status: String(status),
  ...(scimType && { scimType }),
  detail,
})
