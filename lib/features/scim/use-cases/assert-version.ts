import { namesTag } from '#lib/features/scim/protocol/entity-tags.ts'
import { entityTag } from '#lib/features/scim/protocol/render.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/**
 * @param ifMatch the request's If-Match header, or null
 * @throws AppError scim_version if the resource has another version
 */
export function assertVersion({ version }: { version: string }, ifMatch: string | null): void {
  if (ifMatch !== null && !namesTag(ifMatch, entityTag(version))) throw new AppError('scim_version')
}
