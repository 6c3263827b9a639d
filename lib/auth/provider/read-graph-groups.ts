/**
 * Reads the groups of people with too many for a token from Microsoft Graph. The person's access token must go only to
 * the configured origin: endpoints named by a token (`_claim_sources`) and pages on other origins are not read. Groups
 * that can't be read completely must never count as none, or as the part that was read.
 */
import { z } from 'zod'
import { boundedFetch } from './bounded-fetch.ts'
import { maxGroups } from './parse-claims.ts'

/** `groups_overage`: more than Spaceport accepts. */
export type GraphFault = 'groups_unreachable' | 'groups_not_permitted' | 'groups_overage'

class GraphError extends Error {
  readonly fault: GraphFault

  constructor(fault: GraphFault, message: string, options?: ErrorOptions) {
    super(`Microsoft Graph: ${message}`, options)
    this.name = 'GraphError'
    this.fault = fault
  }
}

/** @returns the fault in an error. Checks a field, not the class, since one process may load the class twice */
export function graphFaultOf(error: unknown): GraphFault | undefined {
  if (!(error instanceof Error) || error.name !== 'GraphError' || !('fault' in error)) return undefined
  return (['groups_unreachable', 'groups_not_permitted', 'groups_overage'] as const).find(
    (fault) => fault === error.fault,
  )
}

/**
 * Direct and nested memberships (learn.microsoft.com/graph/api/user-list-transitivememberof). Without a cast to groups,
 * since Graph answers those from an index that lags behind.
 */
const firstPage = '/v1.0/me/transitiveMemberOf?$select=id,securityEnabled&$top=999'
const groupType = '#microsoft.graph.group'
/** Of 999 objects each, including roles and administrative units. */
const maxPages = 10
const totalMs = 15_000

const page = z.looseObject({
  value: z.array(z.looseObject({ '@odata.type': z.string(), id: z.uuid(), securityEnabled: z.boolean().nullish() })),
  '@odata.nextLink': z.string().optional(),
})

/**
 * @param origin OIDC_GROUPS_OVERAGE
 * @param accessToken of the person, with the delegated permission GroupMember.Read.All
 * @returns the object ids of their security groups in lowercase, as Entra lists them in tokens
 * @throws GraphError
 */
export async function readGraphGroups(origin: string, accessToken: string): Promise<string[]> {
  const inTime = AbortSignal.timeout(totalMs)
  const groups = new Set<string>()
  let url = new URL(firstPage, origin)
  for (let pages = 1; ; pages += 1) {
    const { value, '@odata.nextLink': next } = await readPage(url, accessToken, inTime)
    for (const { '@odata.type': type, id, securityEnabled } of value) {
      if (type !== groupType) continue
      // Without the permission, Graph lists groups without their properties.
      if (typeof securityEnabled !== 'boolean')
        throw new GraphError('groups_not_permitted', 'it doesn’t show which groups are security groups')
      if (securityEnabled) groups.add(id.toLowerCase())
    }
    if (groups.size > maxGroups) throw new GraphError('groups_overage', `more than ${maxGroups} groups`)
    if (next === undefined) return [...groups]
    if (pages === maxPages) throw new GraphError('groups_overage', `more than ${maxPages} pages`)
    url = nextPage(next, origin)
  }
}

async function readPage(url: URL, accessToken: string, inTime: AbortSignal): Promise<z.infer<typeof page>> {
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' }
  let response: Response
  try {
    response = await boundedFetch(url.href, { headers, signal: inTime })
  } catch (cause) {
    throw new GraphError('groups_unreachable', 'no answer', { cause })
  }
  const { status } = response
  if (status >= 500 || status === 429 || status === 408) throw new GraphError('groups_unreachable', `answer ${status}`)
  if (status !== 200) throw new GraphError('groups_not_permitted', `answer ${status}`)
  const parsed = page.safeParse(await response.json().catch(() => undefined))
  if (!parsed.success) throw new GraphError('groups_not_permitted', 'the response is not a list of memberships')
  return parsed.data
}

function nextPage(link: string, origin: string): URL {
  const url = URL.parse(link)
  if (url === null || url.origin !== origin || !url.pathname.startsWith('/v1.0/') || url.username + url.password !== '')
    throw new GraphError('groups_not_permitted', 'the next page is on another origin')
  return url
}
