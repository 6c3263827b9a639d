import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { Services, SystemContext } from '#lib/broker/use-case/context.ts'
import { openServices } from '#lib/broker/use-case/open-services.ts'
import { sealContext } from '#lib/broker/use-case/seal-context.ts'
import { officeAt } from '#lib/domain/office.ts'
import type { Actor } from '#lib/domain/person.ts'
import { mainProviderId } from '#lib/domain/provider.ts'
import type { PlatformRole } from '#lib/domain/role.ts'
import { ownDatabase, type TestDatabase } from './own-database.ts'
import { uniqueName } from './unique-name.ts'

/** The provider that people of tests come from. */
export const issuerOfTests = 'https://issuer.test'

/** The services of a process that knows one provider. */
const only = (issuer: string): Pick<Services, 'issuer' | 'issuers' | 'providers'> => ({
  issuer,
  issuers: [issuer],
  providers: [{ id: mainProviderId, name: 'single sign-on', issuer }],
})

/** What seals webhooks in tests. */
export const webhookSecretOfTests = 'a secret of webhooks that is long enough'

/**
 * What use cases work with in tests: the real Postgres and API server, with people made by SQL as a sign-in would.
 * `services` may be changed by a test (`{ ...fixture.services, clock }`) for what depends on time or randomness.
 * @param given the test file's database, reached another way
 */
export async function openBrokerFixture(given?: TestDatabase) {
  const database = given ?? (await ownDatabase())
  const config = {
    DATABASE_URL: database.databaseUrls.web,
    DATABASE_DIRECT_URL: database.directUrls?.web ?? '',
    DATABASE_CONNECTIONS: 4,
    DATABASE_LOCK_CONNECTIONS: 4,
    KUBECONFIG: inject('kubeBroker'),
    SPACEPORT_CLUSTERS: [],
    SPACEPORT_SPACE_LIMIT: 5,
    SPACEPORT_MAX_SIZE: 'M' as const,
    SPACEPORT_NAMESPACE_PREFIX: '',
    SPACEPORT_RESERVED_NAMES: [],
    SPACEPORT_NAME_RESERVED_DAYS: 30,
    SPACEPORT_DENIED_CIDRS: [],
    SPACEPORT_DNS_PEERS: [],
    SPACEPORT_INGRESS_SUFFIXES: [],
    SPACEPORT_PLATFORM_NAMESPACES: [],
    SPACEPORT_URL: 'https://spaceport.test',
    SPACEPORT_WEBHOOK_SECRET: webhookSecretOfTests,
    SPACEPORT_WEBHOOK_ALLOWED_HOSTS: ['localhost'],
    OIDC_ISSUER: issuerOfTests,
    LOG_LEVEL: 'fatal',
  }
  const { services: opened, close } = await openServices('web', config)
  // Each call waits for its work, however busy the machine is: no worker would finish it.
  const services: Services = { ...opened, patienceMs: 60_000, effectiveWithinMs: 60_000 }
  // Background work is tried with the worker's login, which has fewer rights, and without the provider, which it isn't told.
  const { OIDC_ISSUER: _, ...workerConfig } = {
    ...config,
    DATABASE_URL: database.databaseUrls.worker,
    DATABASE_DIRECT_URL: database.directUrls?.worker ?? '',
  }
  const worker = await openServices('worker', workerConfig)
  const owner = new pg.Pool({ connectionString: database.ownerDatabaseUrl, max: 2 })

  async function person(
    readable: string,
    {
      groups = [],
      platformRole = 'member',
      issuer = issuerOfTests,
      adminUntil = null,
    }: { groups?: string[]; platformRole?: PlatformRole; issuer?: string; adminUntil?: Date | null } = {},
  ): Promise<Actor> {
    const handle = uniqueName(readable)
    const userId = randomUUID()
    const email = `${handle}@example.com`
    await services.db.user.create({
      data: {
        id: userId,
        issuer,
        subject: userId,
        handle,
        name: handle,
        email,
        platformRole,
        adminUntil,
        groups: { create: groups.map((group) => ({ group })) },
      },
    })
    const office = officeAt({ issuer, platformRole, adminUntil }, services, services.clock())
    return { userId, handle, name: handle, email, groups, ...office }
  }

  const origin = { observer: 'web/test' as const, requestId: 'test', sourceAddress: '127.0.0.1', userAgent: 'test' }
  /** What a person calls use cases with, and beside it the services behind them, for a test's own queries. */
  const as = (actor: Actor, changed: Partial<Services> = {}, requestId = origin.requestId) => {
    const changedServices = { ...services, ...(changed.issuer !== undefined && only(changed.issuer)), ...changed }
    return Object.assign(sealContext(changedServices, actor, { ...origin, requestId }), changedServices)
  }
  const system = (changed: Partial<Services> = {}): SystemContext => ({
    ...worker.services,
    ...changed,
    origin: { observer: 'worker/test', requestId: 'test' },
  })

  /** @returns a space's actions in the trail, oldest first, with their outcomes */
  async function trailOf(
    spaceId: string,
  ): Promise<{ action: string; outcome: string | null; reason: string | null }[]> {
    const { rows } = await owner.query(
      `SELECT e.action, coalesce(o.outcome, e.outcome)::text AS outcome, coalesce(o.reason, e.reason) AS reason FROM audit_event e
       LEFT JOIN audit_event o ON o.intent_id = e.id WHERE e.space_id = $1 AND e.intent_id IS NULL ORDER BY e.seq`,
      [spaceId],
    )
    return rows
  }

  return {
    services,
    /** Connections as the owner of the tables, to arrange what the application itself may not. */
    owner,
    person,
    as,
    system,
    trailOf,
    async close() {
      await Promise.all([close(), worker.close()])
      await owner.end()
    },
  }
}

export type BrokerFixture = Awaited<ReturnType<typeof openBrokerFixture>>
/** What `as` makes. */
export type TestContext = ReturnType<BrokerFixture['as']>
