import 'server-only'
import { parseJson } from '#lib/features/scim/protocol/parse-json.ts'
import { scimFailure } from '#lib/features/scim/protocol/scim-failure.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { maxScimBodyBytes } from '#lib/web/request/check-request-head.ts'

const types = ['application/scim+json', 'application/json']

/**
 * Reads the body of an authenticated request, up to the size limit.
 * @throws AppError scim_media_type, scim_too_large, scim_syntax
 */
export async function readScimBody({ headers, body }: Request): Promise<object> {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  const encoding = headers.get('content-encoding') ?? 'identity'
  if (!types.includes(type) || encoding !== 'identity') throw new AppError('scim_media_type')
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body ?? []) {
    length += part.byteLength
    if (length > maxScimBodyBytes)
      throw scimFailure('scim_too_large', `The request is too large: at most ${maxScimBodyBytes} bytes are allowed.`)
    parts.push(part)
  }
  return parseJson(new TextDecoder().decode(Buffer.concat(parts)))
}
