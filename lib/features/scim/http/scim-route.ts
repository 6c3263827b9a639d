/**
 * The SCIM server (RFC 7644) under /scim/v2. Only a token in the header authenticates; cookies and queries never do.
 * Before the token is checked, nothing is read or looked up except the rate limit of the address.
 */
import 'server-only'
import {
  describeResourceTypes,
  describeSchemas,
  describeService,
} from '#lib/features/scim/protocol/describe-service.ts'
import { namesTag } from '#lib/features/scim/protocol/entity-tags.ts'
import { renderList } from '#lib/features/scim/protocol/render.ts'
import { renderError, scimType } from '#lib/features/scim/protocol/render-error.ts'
import { scimTypeOf } from '#lib/features/scim/protocol/scim-failure.ts'
import { authenticateProvisioner, hashesInForce } from '#lib/features/scim/use-cases/authenticate-provisioner.ts'
import type { ProvisionerContext } from '#lib/features/scim/use-cases/provisioner-context.ts'
import { AppError, statusOf } from '#lib/kernel/model/errors.ts'
import type { ProvisioningSettings } from '#lib/kernel/use-case/context.ts'
import { describeFailure } from '#lib/web/action/run-safely.ts'
import { services } from '#lib/web/process/services.ts'
import { requestOrigin } from '#lib/web/request/request-origin.ts'
import { answerGroups } from './scim-groups.ts'
import { scimLimits } from './scim-limits.ts'
import { type Answer, isSearch, type ScimRequest } from './scim-request.ts'
import { answerSearch } from './scim-search.ts'
import { scimSettings } from './scim-settings.ts'
import { answerUsers } from './scim-users.ts'

/** @param path the part after /scim/v2/ */
export async function answerScim(request: Request, path: readonly string[]): Promise<Response> {
  const origin = requestOrigin(request.headers)
  try {
    const settings = scimSettings()
    const ctx = await authenticate(request.headers, settings, origin)
    const { searchParams: params } = new URL(request.url)
    return respond(request, await answer({ ctx, request, params, settings }, path))
  } catch (error) {
    return fail(error, origin.requestId, `${request.method} /scim/v2`)
  }
}

/** @throws AppError rate_limited, scim_token */
async function authenticate(
  headers: Headers,
  settings: ProvisioningSettings,
  origin: ReturnType<typeof requestOrigin>,
): Promise<ProvisionerContext> {
  const token = /^bearer ([\x21-\x7e]{1,200})$/i.exec(headers.get('authorization') ?? '')?.[1] ?? ''
  const limits = scimLimits()
  const served = await services()
  if (!(await limits.admit(origin.sourceAddress, token, () => hashesInForce(served))))
    throw new AppError('rate_limited')
  const ctx = await authenticateProvisioner(served, settings, { token, origin })
  if (ctx) return ctx
  await limits.fail(origin.sourceAddress)
  throw new AppError('scim_token')
}

async function answer(scimRequest: ScimRequest, [kind = '', ...rest]: readonly string[]): Promise<Answer> {
  switch (kind.toLowerCase()) {
    case 'users':
      return answerUsers(scimRequest, rest)
    case 'groups':
      return answerGroups(scimRequest, rest)
    case '.search':
      if (!isSearch(scimRequest, [kind, ...rest])) throw new AppError('scim_method')
      return answerSearch(scimRequest)
    case 'bulk':
    case 'me':
      throw new AppError('scim_unsupported')
    default:
      return describeServer(scimRequest, kind.toLowerCase(), rest)
  }
}

function describeServer(
  { request, settings: { base, subject } }: ScimRequest,
  kind: string,
  [id, ...more]: readonly string[],
): Answer {
  const config = kind === 'serviceproviderconfig'
  const lists: Record<string, () => ReturnType<typeof describeSchemas>> = {
    resourcetypes: () => describeResourceTypes(base),
    schemas: () => describeSchemas(base, subject),
  }
  const list = Object.hasOwn(lists, kind) ? lists[kind]?.() : undefined
  if (more.length > 0 || !(config || list) || (config && id !== undefined)) throw new AppError('not_found')
  if (request.method !== 'GET') throw new AppError('scim_method')
  if (!list) return { status: 200, body: describeService(base) }
  if (id === undefined) return { status: 200, body: renderList(list, { total: list.length, startIndex: 1 }) }
  const one = list.find((described) => described.id?.toLowerCase() === id.toLowerCase())
  if (!one) throw new AppError('not_found')
  return { status: 200, body: one }
}

function respond({ method, headers: requestHeaders }: Request, { status, body, tag, location }: Answer): Response {
  const headers = {
    'cache-control': 'no-store',
    ...(tag && { etag: tag }),
    ...(location && { location }),
  }
  const ifNoneMatch = requestHeaders.get('if-none-match')
  if (method === 'GET' && tag && ifNoneMatch !== null && namesTag(ifNoneMatch, tag))
    return new Response(null, { status: 304, headers })
  if (body === undefined) return new Response(null, { status, headers })
  return new Response(JSON.stringify(body), { status, headers: { ...headers, 'content-type': scimType } })
}

function fail(error: unknown, requestId: string, route: string): Response {
  const failure = describeFailure(error, requestId, route)
  const status = failure.status === 'bug' ? 500 : statusOf(failure.code)
  const keyword = failure.status === 'bug' ? undefined : scimTypeOf(failure.code)
  return new Response(JSON.stringify(renderError(status, failure.message, keyword)), {
    status,
    headers: {
      'cache-control': 'no-store',
      'content-type': scimType,
      ...(status === 401 && { 'www-authenticate': 'Bearer realm="Spaceport SCIM"' }),
      ...(status === 429 && { 'retry-after': '60' }),
      ...(status === 503 && { 'retry-after': '10' }),
    },
  })
}
