import { execFile, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, inject, vi } from 'vitest'
import { openAuthority } from '#dev/cluster/certificates.ts'
import type { GatewayConfig } from '#lib/config/config.ts'
import { parseEnvironment } from '#lib/config/environment.ts'
import { makeToken } from '#lib/credentials/token.ts'
import type { Manifest } from '#lib/domain/manifest.ts'
import type { Member, SpaceMember } from '#lib/domain/membership.ts'
import { ordinaryReach } from '#lib/domain/reach-fixture.ts'
import { renderSpace } from '#lib/domain/render-space.ts'
import { clusterRoleOf, type Role } from '#lib/domain/role.ts'
import { startGateway } from '#lib/gateway/start-gateway.ts'
import { connectClusters } from '#lib/kube/cluster.ts'
import { mayPerson } from '#lib/kube/may-person.ts'
import { createLogger } from '#lib/observability/logger.ts'
import { ownDatabase } from './own-database.ts'
import { uniqueName } from './unique-name.ts'
import { untraced } from './untraced.ts'

export type Ran = { code: number; out: string; all: string }

/** Kubeconfigs of a cluster admin and of Spaceport's identities. */
type Identities = { adminKubeconfig: string; brokerKubeconfig: string; gatewayKubeconfig: string }

/**
 * A gateway in front of the tests' API server, with people, spaces and credentials made directly in both stores.
 * @param cluster another cluster than that of all tests
 */
export async function openGatewayFixture(cluster?: Identities) {
  const identities = cluster ?? {
    adminKubeconfig: inject('kubeAdmin'),
    brokerKubeconfig: inject('kubeBroker'),
    gatewayKubeconfig: inject('kubeGateway'),
  }
  const database = await ownDatabase()
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-gateway-'))
  const authority = await openAuthority(join(dir, 'pki'), 'test')
  const files = await authority.issue('gateway', { commonName: 'gateway', hosts: ['127.0.0.1'], usages: ['server'] })
  const config = {
    DATABASE_URL: database.databaseUrls.gateway,
    DATABASE_DIRECT_URL: '',
    DATABASE_CONNECTIONS: 4,
    KUBECONFIG: identities.gatewayKubeconfig,
    SPACEPORT_CLUSTERS: [] as GatewayConfig['SPACEPORT_CLUSTERS'],
    LOG_LEVEL: 'fatal' as const,
    ...untraced,
    SPACEPORT_URL: 'https://portal.example.com',
    SPACEPORT_CLUSTER_READABLE: parseEnvironment(['SPACEPORT_CLUSTER_READABLE'], {}).SPACEPORT_CLUSTER_READABLE,
    SPACEPORT_GIT_IDENTITIES: [] as GatewayConfig['SPACEPORT_GIT_IDENTITIES'],
    SPACEPORT_WITHOUT_FENCES: 'read-only' as GatewayConfig['SPACEPORT_WITHOUT_FENCES'],
    GATEWAY_LISTEN: '127.0.0.1:0',
    GATEWAY_SHARES_PORT: false,
    GATEWAY_ADMIN_LISTEN: '127.0.0.1:0',
    GATEWAY_TLS_CERT: files.certFile,
    GATEWAY_TLS_KEY: files.keyFile,
    GATEWAY_CONNECTIONS_PER_SOURCE: 2_000,
    GATEWAY_TRAIL_COMMANDS: 'on' as GatewayConfig['GATEWAY_TRAIL_COMMANDS'],
  }
  /** Starts another gateway; `changed` sends it to another Postgres or API server, or gives it another certificate. */
  const start = (changed: Partial<typeof config> = {}, log = createLogger('gateway', 'fatal'), clock = Date.now) =>
    startGateway({ ...config, ...changed }, log, clock)
  const gateway = await start()
  const owner = new pg.Pool({ connectionString: database.ownerDatabaseUrl, max: 2 })
  const sql = async (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
    (await owner.query<Record<string, unknown>>(text, values)).rows
  await sql(`INSERT INTO cluster (id, name) VALUES ($1, 'default') ON CONFLICT DO NOTHING`, [randomUUID()])
  const [known] = await sql(`SELECT id FROM cluster WHERE name = 'default'`)
  const clusterId = String(known?.id)
  const clusters = connectClusters({ kubeconfig: identities.brokerKubeconfig, clusters: [] })
  const namespaces: string[] = []

  function kubectl(kubeconfig: string, args: string[], input?: string, env: Record<string, string> = {}): Promise<Ran> {
    return new Promise((resolve) => {
      const child = execFile(
        inject('binaries').kubectl,
        ['--kubeconfig', kubeconfig, ...args],
        { timeout: 55_000, maxBuffer: 256 << 20, env: { ...process.env, HOME: dir, ...env } },
        (error, stdout, stderr) =>
          resolve({
            code: error ? (typeof error.code === 'number' ? error.code : 1) : 0,
            out: stdout,
            all: stdout + stderr,
          }),
      )
      // kubectl may be done before it has read it all.
      child.stdin?.on('error', () => {})
      child.stdin?.end(input)
    })
  }

  const asAdmin = async (args: string[], input?: string): Promise<Ran> => {
    const ran = await kubectl(identities.adminKubeconfig, args, input)
    if (ran.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${ran.all}`)
    return ran
  }
  const apply = (objects: Manifest[]) =>
    asAdmin(['apply', '--server-side', '-f', '-'], objects.map((object) => JSON.stringify(object)).join('\n---\n'))

  async function person(readable: string, issuer = 'https://issuer.test'): Promise<Member> {
    const handle = uniqueName(readable)
    const userId = randomUUID()
    await sql(`INSERT INTO user_account (id, issuer, subject, handle, name, email) VALUES ($1, $2, $3, $4, $4, $5)`, [
      userId,
      issuer,
      userId,
      handle,
      `${handle}@example.com`,
    ])
    return { userId, handle, name: handle, email: `${handle}@example.com` }
  }

  async function space(spaceOwner: Member, members: (SpaceMember & { lastsMs?: number })[] = []) {
    const id = randomUUID()
    const namespace = uniqueName('gw')
    const rendered = renderSpace(
      {
        id,
        name: namespace,
        namespace,
        creation: randomUUID(),
        description: '',
        size: 'M',
        endsAt: null,
        requestId: null,
        owner: spaceOwner,
        members: [
          { member: spaceOwner, role: 'admin' },
          ...members.map(({ member, role, lastsMs }) => ({
            member,
            role: clusterRoleOf(role, lastsMs !== undefined),
          })),
        ],
        grants: [],
      },
      ordinaryReach,
    )
    await apply([rendered.namespace])
    namespaces.push(namespace)
    await apply([...rendered.limits, ...rendered.access])
    for (const member of [spaceOwner, ...members.map((one) => one.member)]) await untilBound(namespace, member)
    await sql(
      `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, namespace_uid, first_ready_at)
       VALUES ($1, $2, $3, $3, 'x', 'M', $4, 'ready', $5, now())`,
      [id, clusterId, namespace, spaceOwner.userId, randomUUID()],
    )
    for (const { member, role, lastsMs } of members) await grant(id, member, role, lastsMs)
    return { id, namespace }
  }

  /** Bindings take effect a moment after they are written. */
  const untilBound = (namespace: string, { handle }: Member) =>
    vi.waitFor(
      async () => {
        const question = { namespace, verb: 'list', group: '', resource: 'pods' }
        expect(await mayPerson(clusters.get('default'), handle, question)).toBe(true)
      },
      { timeout: 20_000, interval: 20 },
    )

  async function grant(spaceId: string, member: Member, role: Role, lastsMs?: number): Promise<string> {
    const id = randomUUID()
    await sql(
      `INSERT INTO space_grant (id, space_id, user_id, role, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        id,
        spaceId,
        member.userId,
        role,
        new Date(Date.now() - 60_000),
        lastsMs === undefined ? null : new Date(Date.now() + lastsMs),
      ],
    )
    return id
  }

  async function credential(
    member: Member,
    {
      spaceId = null,
      namespace = 'default',
      lastsMs = 3_600_000,
    }: { spaceId?: string | null; namespace?: string; lastsMs?: number } = {},
  ) {
    const id = randomUUID()
    const { token, hash } = makeToken(randomBytes)
    await sql(
      `INSERT INTO credential (id, user_id, cluster_id, space_id, token_hash, ends_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, member.userId, spaceId && clusterId, spaceId, hash, new Date(Date.now() + lastsMs)],
    )
    const kubeconfig = join(dir, `${id}.kubeconfig`)
    writeFileSync(kubeconfig, renderKubeconfig(token, namespace))
    const run = (args: string[], input?: string, env?: Record<string, string>) => kubectl(kubeconfig, args, input, env)
    const open = (args: string[], env: Record<string, string> = {}) =>
      spawn(inject('binaries').kubectl, ['--kubeconfig', kubeconfig, ...args], {
        env: { ...process.env, HOME: dir, ...env },
      })
    return { id, token, kubeconfig, run, open }
  }

  /** Creates the pod `one` as `by` and waits until it runs. A namespace takes pods once it has its ServiceAccount. */
  async function runPod(
    namespace: string,
    by: { run: (args: string[], input?: string) => Promise<Ran> },
  ): Promise<void> {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'one', namespace },
      spec: { containers: [{ name: 'main', image: 'example/none' }] },
    }
    await vi.waitFor(
      async () => expect((await by.run(['apply', '-f', '-'], JSON.stringify(pod))).all).toMatch(/created|unchanged/),
      { timeout: 50_000, interval: 200 },
    )
    await asAdmin(['-n', namespace, 'wait', '--for=condition=Ready', 'pod/one', '--timeout=50s'])
  }

  const renderKubeconfig = (token: string, namespace: string) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace } }],
      clusters: [
        {
          name: 'c',
          cluster: {
            server: `https://127.0.0.1:${gateway.port}/clusters/default`,
            'certificate-authority': authority.caFile,
          },
        },
      ],
      users: [{ name: 'u', user: { token } }],
    })

  return {
    dir,
    port: gateway.port,
    adminUrl: `http://127.0.0.1:${gateway.adminPort}`,
    ca: readFileSync(authority.caFile, 'utf8'),
    /** Issues another certificate for a gateway. */
    certificate: (name: string) =>
      authority.issue(name, { commonName: name, hosts: ['127.0.0.1'], usages: ['server'] }),
    start,
    sql,
    clusterId,
    /** Blocks additions to the trail until it is released, like a slow Postgres. */
    async holdTrail() {
      const client = await owner.connect()
      await client.query('BEGIN')
      await client.query('LOCK TABLE audit_event IN SHARE ROW EXCLUSIVE MODE')
      return {
        async release() {
          await client.query('COMMIT')
          client.release()
        },
      }
    },
    /** Whether anything waits to add to the trail. */
    async trailWaits() {
      const [row] = await sql(
        `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'audit_event'::regclass
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      )
      return Number(row?.n) > 0
    },
    person,
    space,
    grant,
    credential,
    runPod,
    untilBound,
    asAdmin,
    kubectl,
    async close() {
      await gateway.stop()
      if (namespaces.length > 0) await asAdmin(['delete', 'namespace', '--wait=false', ...namespaces])
      await Promise.all([owner.end(), clusters.close()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
