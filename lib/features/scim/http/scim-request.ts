import 'server-only'
import { z } from 'zod'
import { parseProjection, project } from '#lib/features/scim/protocol/projection.ts'
import type { Resource } from '#lib/features/scim/protocol/render.ts'
import type { ProvisionerContext } from '#lib/features/scim/use-cases/provisioner-context.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { ProvisioningSettings } from '#lib/kernel/use-case/context.ts'

/** An authenticated request. */
export type ScimRequest = {
  ctx: ProvisionerContext
  request: Request
  params: URLSearchParams
  settings: ProvisioningSettings
}

export type Answer = { status: number; body?: unknown; tag?: string; location?: string }

/** The handlers for the methods of a collection or a resource. */
type Methods = { get: Handler; post?: Handler; put?: Handler; patch?: Handler; delete?: Handler }
type Handler = () => Promise<Answer>

/** @throws AppError not_found, scim_method */
export function byMethod({ request: { method } }: ScimRequest, methods: Methods): Promise<Answer> {
  const [, handler] = Object.entries(methods).find(([name]) => name === method.toLowerCase()) ?? []
  if (!handler) throw new AppError('scim_method')
  return handler()
}

/** @returns whether this is a search with its query in the body (RFC 7644, section 3.4.3) */
export const isSearch = ({ request: { method } }: ScimRequest, [last, ...more]: readonly string[]): boolean =>
  method === 'POST' && last === '.search' && more.length === 0

const uuid = z.uuid()

/**
 * @returns the id in a path
 * @throws AppError not_found if no resource can have it
 */
export function idOf([id, ...more]: readonly string[]): string {
  const parsed = uuid.safeParse(id)
  if (!parsed.success || more.length > 0) throw new AppError('not_found')
  return parsed.data.toLowerCase()
}

export const ifMatchOf = ({ request: { headers } }: ScimRequest): string | null => headers.get('if-match')

/** @returns a resource with the attributes that the request selects */
export function answerWith(
  { params }: ScimRequest,
  status: number,
  resource: Resource & { meta: { version: string; location: string } },
): Answer {
  const { version: tag, location } = resource.meta
  return { status, body: project(resource, parseProjection(params)), tag, location }
}
