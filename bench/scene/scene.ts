import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Stack } from '#dev/stack/stack-options.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { platformRoleAt } from '#lib/kernel/model/people/platform-role.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { openServices } from '#lib/kernel/use-case/open-services.ts'
import { wrapContext } from '#lib/kernel/use-case/wrap-context.ts'

/** What people do before a measurement, through the use cases on a running stack. */
export type Scene = {
  services: Services
  person(platformRole?: PlatformRole): Promise<Actor>
  /**
   * Creates a space and waits until it is ready.
   * @returns its name, which is also its namespace's
   */
  space(owner: Actor): Promise<string>
  close(): Promise<void>
}

/** Longer than any bench. */
const hourMs = 3_600_000

/** Opens the environment of the portal’s use cases. */
export async function openPortalServices(stack: Stack, databaseUrl: string) {
  const { services, close } = await openServices('web', {
    DATABASE_URL: databaseUrl,
    DATABASE_CONNECTIONS: 4,
    DATABASE_LOCK_CONNECTIONS: 8,
    KUBECONFIG: stack.brokerKubeconfig,
    SPACEPORT_CLUSTERS: parseClusters(stack.env.web.SPACEPORT_CLUSTERS),
    SPACEPORT_SPACE_LIMIT: 10_000,
    SPACEPORT_MAX_SIZE: 'L',
    SPACEPORT_NAMESPACE_PREFIX: '',
    SPACEPORT_RESERVED_NAMES: [],
    SPACEPORT_NAME_RESERVED_DAYS: 30,
    SPACEPORT_DENIED_CIDRS: [],
    SPACEPORT_DNS_PEERS: [],
    SPACEPORT_INGRESS_SUFFIXES: [],
    SPACEPORT_PLATFORM_NAMESPACES: [],
    OIDC_ISSUER: stack.env.web.OIDC_ISSUER ?? '',
    LOG_LEVEL: 'error',
  })
  return {
    services,
    async close(): Promise<void> {
      await close()
      await services.clusters.close()
    },
  }
}

export async function openScene(stack: Stack): Promise<Scene> {
  const issuer = stack.env.web.OIDC_ISSUER ?? ''
  const { services, close } = await openPortalServices(stack, stack.databaseUrls.web)
  return {
    services,
    async person(platformRole = 'member') {
      const handle = uniqueName('bench')
      const who = { handle, name: handle, email: `${handle}@example.com` }
      const id = randomUUID()
      await services.db.user.create({ data: { id, issuer, subject: id, platformRole, ...who } })
      const roleState = platformRoleAt({ issuer, platformRole, adminUntil: null }, services, services.clock())
      return { userId: id, groups: [], ...who, ...roleState }
    },
    async space(owner) {
      const name = uniqueName('bench')
      await createReadySpace(services, owner, name)
      return name
    },
    close,
  }
}

const parseClusters = (text = '') =>
  text.split(',').map((pair) => {
    const [name = '', context = ''] = pair.split('=')
    return { name, context }
  })

/** Creates a space as its page does, and waits until its owner may use it. */
export async function createReadySpace(services: Services, owner: Actor, name: string): Promise<void> {
  const origin = {
    observer: 'web/bench' as const,
    requestId: randomUUID(),
    sourceAddress: '127.0.0.1',
    userAgent: 'bench',
  }
  const input = { name, description: 'measured', size: 'S', endsAt: null } as const
  const { settled } = await createSpace(wrapContext(services, owner, origin), input)
  if (settled) return
  const deadline = performance.now() + 30_000
  while (performance.now() < deadline) {
    const found = await services.db.space.findFirst({ where: { name }, select: { status: true } })
    if (found?.status === 'ready') return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`${name} did not become ready`)
}

/** Signs a person in. @returns the cookie's value */
export async function openSession(ownerDatabaseUrl: string, userId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await ownerSql(
    ownerDatabaseUrl,
    'INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, $4)',
    [randomUUID(), createHash('sha256').update(token).digest(), userId, new Date(Date.now() + hourMs)],
  )
  return token
}
