import { AppError } from '#lib/domain/errors.ts'
import { namesTag } from '#lib/scim/entity-tags.ts'
import { entityTag } from '#lib/scim/render.ts'

/** @param ifMatch the request's If-Match; null: it has none @throws AppError scim_version when the client saw another version */
export function assertVersion({ version }: { version: string }, ifMatch: string | null): void {
  if (ifMatch !== null && !namesTag(ifMatch, entityTag(version))) throw new AppError('scim_version')
}
