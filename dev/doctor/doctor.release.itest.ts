import 'reflect-metadata'
import { KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createServer } from 'node:tls'
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'
import { afterAll, afterEach, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { applyAs } from '#dev/cluster/apply-as.ts'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { readManifests } from '#dev/cluster/install.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { type OwnCluster, openBareCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { copyDatabase, ownDatabase } from '#dev/testing/database/own-database.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { openPgBouncer } from '#dev/testing/network/pgbouncer.ts'
import { watchPooler } from '#lib/kernel/db/watch-pooler.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { request } from '#lib/kube/client/request.ts'
import { type Area, runArea } from './check.ts'
import { type DatabaseSettings, database } from './database.ts'
import { examine } from './examine.ts'
import { type Finding, renderFinding } from './finding.ts'
import { furtherProviders } from './further-providers.ts'
import { gateway as gatewayArea } from './gateway.ts'
import { portal as portalArea } from './portal.ts'
import { provider } from './provider.ts'
import { readSettings } from './settings.ts'

/** @returns a server's expired certificate */
async function makeExpired(endsAt: Date): Promise<{ cert: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ['expired'] }],
    notBefore: new Date(endsAt.getTime() - 86_400_000),
    notAfter: endsAt,
    signingAlgorithm: algorithm,
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  })
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' })
  return { cert: certificate.toString('pem'), key: String(key) }
}

const eventSchema = z.object({ verb: z.string(), requestURI: z.string(), user: z.object({ username: z.string() }) })

/** @returns all findings */
async function ask(kubeconfig: string, environment: Record<string, string> = {}): Promise<Finding[]> {
  const found: Finding[] = []
  for await (const { findings } of examine(readSettings(['--kubeconfig', kubeconfig], environment)))
    found.push(...findings)
  return found
}
/** @returns the findings of one area, without a time limit */
const askAbout = async ({ checks }: Area) =>
  await runArea({ title: '', checks: checks.map((check) => ({ ...check, limitMs: 60_000 })) })
const wrong = (findings: readonly Finding[]) => findings.filter(({ mark }) => mark === 'bad').map(({ what }) => what)
/** Policies and rights take effect a moment after they are written, and a check gives up after some seconds. */
const untilSaid = (kubeconfig: string, check: (said: string[]) => void, environment: Record<string, string> = {}) =>
  vi.waitFor(async () => check(wrong(await ask(kubeconfig, environment))), { timeout: 120_000, interval: 300 })

test('on a correct installation, nothing is missing and no secret is shown', async () => {
  const { databaseUrls } = await ownDatabase()
  const gateway = await openGatewayFixture()
  onTestFinished(() => gateway.close())
  const portal = await openSignInFixture()
  onTestFinished(() => portal.close())
  const settings = {
    DATABASE_URL: databaseUrls.web,
    SPACEPORT_GATEWAY_URL: `https://127.0.0.1:${gateway.port}`,
    GATEWAY_TLS_CA: join(gateway.dir, 'pki', 'ca.crt'),
    GATEWAY_TLS_CERT: join(gateway.dir, 'pki', 'gateway.crt'),
    OIDC_ISSUER: portal.issuer,
  }
  // A check gives up after some seconds.
  const findings = await vi.waitFor(
    async () => {
      const found = await ask(inject('kubeAdmin'), settings)
      expect(wrong(found)).toEqual([])
      return found
    },
    { timeout: 120_000, interval: 500 },
  )
  const said = findings.map(renderFinding).join('\n')
  for (const found of [
    'Fences in force',
    'The broker has no other rights',
    'Pod Security is on',
    'refuses an unknown credential',
    'TLS ends at the gateway',
    'PKCE with S256',
    'Its role is spaceport_web',
    'Mutating webhooks: 0 configurations',
    'use the worker’s login',
  ])
    expect(said).toContain(found)
  expect(said).not.toContain(new URL(databaseUrls.web).password)
})

describe('on a cluster with one fault', () => {
  let own: OwnCluster
  let manifests: Manifest[]
  const undo: (() => Promise<void>)[] = []
  beforeAll(async () => {
    ;[own, manifests] = [await openOwnCluster(), await readManifests()]
  }, 400_000)
  afterEach(async () => {
    for (const again of undo.splice(0)) await again()
  })
  afterAll(() => own?.close())

  const shipped = (kind: string, name: string): Manifest => {
    const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)
    if (!found) throw new Error(`deploy/cluster-chart/templates has no ${kind} ${name}`)
    undo.push(() => applyAs('spaceport-install', own.admin, found))
    return found
  }
  const pathOf = ({ apiVersion, kind, metadata: { name, namespace } }: Manifest) =>
    objectPath({ apiVersion, kind, name, ...(namespace !== undefined && { namespace }) })
  const remove = (manifest: Manifest) => request(own.admin, { method: 'DELETE', path: pathOf(manifest) }, z.unknown())

  test('a fence’s binding: the difference and its effect, in one finding', async () => {
    await remove(shipped('ValidatingAdmissionPolicyBinding', 'spaceport-tokens'))
    await untilSaid(own.adminKubeconfig, (said) =>
      expect(said).toEqual([
        expect.stringMatching(/^Fence spaceport-tokens: its binding is not installed; not enforced: /),
      ]),
    )
  })

  test('a missing right of the broker’s', async () => {
    const role = shipped('ClusterRole', 'spaceport:broker')
    const rules = (role.rules as { resources: string[] }[]).filter(({ resources }) => !resources.includes('nodes'))
    await applyAs('spaceport-install', own.admin, { ...role, rules })
    await untilSaid(own.adminKubeconfig, (said) =>
      expect(said).toEqual(['ClusterRole spaceport:broker: lacks the right to list nodes']),
    )
    await expect
      .poll(() => ask(own.adminKubeconfig))
      .toContainEqual({
        mark: 'skipped',
        what: 'The broker may not list nodes, because of its roles or bindings above',
      })
  })

  test('an additional right of the gateway’s, from a binding that Spaceport doesn’t know', async () => {
    const binding: Manifest = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'helpful' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'spaceport-gateway', namespace: 'spaceport-system' }],
    }
    await applyAs('somebody', own.admin, binding)
    undo.push(async () => void (await remove(binding)))
    await untilSaid(own.adminKubeconfig, (said) =>
      expect(said).toEqual([
        expect.stringMatching(
          /^The gateway may .*get secrets in kube-system.*, which it must not; this version doesn’t give it \* \*\.\* in kube-system/,
        ),
      ]),
    )
  })

  test('a label of a namespace, and Pod Security with it', async () => {
    const path = pathOf(shipped('Namespace', 'spaceport-system'))
    const body = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': null } } }
    const patch = { method: 'PATCH', path, contentType: 'application/merge-patch+json', body } as const
    await request(own.admin, patch, z.unknown())
    await untilSaid(own.adminKubeconfig, (said) =>
      expect(said).toEqual([
        'Namespace spaceport-system: metadata.labels[pod-security.kubernetes.io/enforce] is missing instead of "restricted"',
      ]),
    )
  })

  test('a login that is not an admin’s learns that, and not that the fences are missing', async () => {
    await untilSaid(own.brokerKubeconfig, (said) => {
      expect(said).toContainEqual(expect.stringMatching(/^Proving the fences by dry runs: .*403/))
      expect(said.filter((what) => what.startsWith('Fence '))).toEqual([])
    })
  })

  test('it changes nothing: the cluster’s audit has only reads, reviews and dry runs of it', async () => {
    // The API server may still be writing the last one.
    const lines = () => readFileSync(own.auditLog, 'utf8').split('\n').slice(0, -1)
    const before = lines().length
    await ask(own.adminKubeconfig)
    const events = lines()
      .slice(before)
      .map((line) => eventSchema.parse(JSON.parse(line)))
      .filter(({ user }) => user.username === 'spaceport:installer')
    const written = events.filter(({ verb }) => !['get', 'list'].includes(verb))
    expect(written.length).toBeGreaterThan(50)
    expect(
      written.filter(
        ({ requestURI }) =>
          !requestURI.includes('dryRun=All') && !requestURI.startsWith('/apis/authorization.k8s.io/v1/'),
      ),
    ).toEqual([])
  })
})

test('for a cluster without Spaceport, that is the only finding', async () => {
  const bare = await openBareCluster()
  onTestFinished(() => bare.close())
  await untilSaid(bare.adminKubeconfig, (said) =>
    expect(said).toEqual(['Spaceport is not installed on this cluster: there is no namespace spaceport-system']),
  )
})

test('an unreachable target has one finding, however many checks need it', async () => {
  const { nowhere: port } = await freePorts('nowhere')
  const nowhere = {
    SPACEPORT_URL: `http://127.0.0.1:${port}`,
    SPACEPORT_GATEWAY_URL: `https://127.0.0.1:${port}`,
    DATABASE_URL: `postgresql://a:b@127.0.0.1:${port}/spaceport`,
    OIDC_ISSUER: `http://127.0.0.1:${port}`,
    OIDC_CLIENT_ID: 'spaceport',
  }
  const refused = `connect ECONNREFUSED 127.0.0.1:${port}`
  const unreached = [
    `The portal: ${refused}`,
    `The gateway’s certificate: ${refused}`,
    `Postgres: ${refused}`,
    `The discovery document: ${refused}`,
  ]
  await untilSaid(inject('kubeAdmin'), (said) => expect(said).toEqual(unreached), nowhere)
  const nobody = { SPACEPORT_URL: 'https://portal.invalid', SPACEPORT_GATEWAY_URL: 'https://gateway.invalid' }
  const unknown = [
    expect.stringMatching(/^The name portal\.invalid: getaddrinfo /),
    expect.stringMatching(/^The name gateway\.invalid: getaddrinfo /),
  ]
  await untilSaid(inject('kubeAdmin'), (said) => expect(said).toEqual(unknown), nobody)
})

test('for an API server that doesn’t answer, that is the only finding', async () => {
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'spaceport-doctor-')), 'kubeconfig')
  onTestFinished(() => rmSync(dirname(kubeconfig), { recursive: true }))
  const text = readFileSync(inject('kubeAdmin'), 'utf8')
  writeFileSync(kubeconfig, text.replace(/https:\/\/127\.0\.0\.1:\d+/, 'https://127.0.0.1:1'))
  await untilSaid(kubeconfig, (said) => expect(said).toEqual(['The API server: GET /version: ECONNREFUSED']))
})

test('an API server’s certificate that isn’t signed by the kubeconfig’s CA is reported as that', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-doctor-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const { caFile } = await openAuthority(join(dir, 'pki'), 'another')
  const another = readFileSync(caFile).toString('base64')
  const kubeconfig = join(dir, 'kubeconfig')
  const text = readFileSync(inject('kubeAdmin'), 'utf8')
  writeFileSync(kubeconfig, text.replace(/(certificate-authority-data"?: "?)[^"\s]+/, `$1${another}`))
  await untilSaid(kubeconfig, (said) =>
    expect(said).toEqual([
      expect.stringMatching(
        /^The API server: the API server’s certificate isn’t trusted \([A-Z_]+\): certificate-authority-data/,
      ),
    ]),
  )
})

describe('of the database', () => {
  const settings = { queries: 4, locks: 8, clusters: 1 }

  test.each(['worker', 'gateway'] as const)('the login of the %s is as it should be', async (process) => {
    const { databaseUrls } = await ownDatabase()
    const findings = await askAbout(database({ ...settings, url: databaseUrls[process] }))
    expect(wrong(findings)).toEqual([])
    expect(findings.map(({ what }) => what)).toContain(`Its role is spaceport_${process}`)
  })

  test('a missing migration is named', async () => {
    const { databaseUrls, ownerDatabaseUrl } = await ownDatabase()
    const [last] = await ownerSql(
      ownerDatabaseUrl,
      `UPDATE _prisma_migrations SET finished_at = NULL, rolled_back_at = now() WHERE migration_name =
         (SELECT max(migration_name) FROM _prisma_migrations) RETURNING migration_name AS name`,
    )
    onTestFinished(async () => {
      const again = 'UPDATE _prisma_migrations SET finished_at = now(), rolled_back_at = NULL WHERE migration_name = $1'
      await ownerSql(ownerDatabaseUrl, again, [last?.name])
    })
    const said = wrong(await askAbout(database({ ...settings, url: databaseUrls.web })))
    expect(said).toEqual([`The schema lacks these migrations’ objects: ${String(last?.name)}`])
  })

  test('a login with too many rights learns which', async () => {
    const { ownerDatabaseUrl } = await ownDatabase()
    const said = wrong(await askAbout(database({ ...settings, url: ownerDatabaseUrl })))
    expect(said).toEqual([
      expect.stringMatching(/^The login \S+ owns the database, may create roles/),
      expect.stringMatching(/is a member of spaceport_gateway, spaceport_web, spaceport_worker/),
    ])
  })

  test('a pooler is found, and judged by its connections', async () => {
    const bouncer = await openPgBouncer(await copyDatabase())
    onTestFinished(() => bouncer.stop())
    const { database: pooled } = bouncer
    const { web: url } = pooled.databaseUrls
    const said = async (more: Partial<DatabaseSettings>) =>
      (await askAbout(database({ ...settings, url, ...more }))).map(renderFinding).join('\n')
    expect(await said({})).toMatch(/✗ Startup options don’t arrive: a pooler is in between → .*DATABASE_DIRECT_URL/)
    const { web: directUrl } = pooled.directUrls
    expect(await said({ directUrl })).toMatch(
      /✗ Sessions of spaceport_web_login don’t start with its role .*SET role = 'spaceport_web';/,
    )
    // As its process does when it starts.
    const ways = { queries: { url, throughPooler: true }, sessions: directUrl }
    await (await watchPooler({ process: 'web', ways, onTrouble: () => {} })).close()
    const well = await said({ directUrl })
    expect(well).toContain('✓ The pooler leads to the database that DATABASE_DIRECT_URL leads to')
    expect(well).toContain('✓ The pooler’s connection has the role spaceport_web and its time limit')
    expect(well).toContain('✓ Postgres is reached directly')
    const its = new URL(directUrl).pathname.slice(1)
    expect(well).toContain('✗ The login spaceport_web_login may make temporary tables → ')
    await ownerSql(pooled.ownerDatabaseUrl, `REVOKE TEMPORARY ON DATABASE ${its} FROM PUBLIC`)
    expect(await said({ directUrl })).toContain('✓ The login spaceport_web_login may make no temporary tables')
    expect(await said({ directUrl: (await ownDatabase()).databaseUrls.web })).toContain(
      '✗ The pooler leads to another database',
    )
  })

  test('a wrong password is not repeated', async () => {
    const { databaseUrls } = await ownDatabase()
    const url = Object.assign(new URL(databaseUrls.web), { password: 'not-the-password' }).href
    const said = (await askAbout(database({ ...settings, url }))).map(renderFinding).join('\n')
    expect(said).toMatch(/✗ Postgres: password authentication failed/)
    expect(said).not.toContain('not-the-password')
  })
})

describe('of the identity provider', () => {
  test('another issuer, an unknown client and a missing claim are named', async () => {
    const portal = await openSignInFixture()
    onTestFinished(() => portal.close())
    const settings = {
      issuer: portal.issuer,
      clientId: portal.client.id,
      groupsClaim: 'groups',
      algorithms: [],
      portalUrl: portal.origin,
    }
    const said = async (changed: Partial<typeof settings>) => await askAbout(provider({ ...settings, ...changed }))
    expect((await said({})).filter(({ mark }) => mark !== 'good')).toEqual([])
    const elsewhere = portal.issuer.replace('localhost', '127.0.0.1')
    expect(wrong(await said({ issuer: elsewhere }))).toContain(
      `The provider’s issuer is ${portal.issuer}, not ${elsewhere}`,
    )
    expect(wrong(await said({ clientId: 'nobody' }))).toEqual([
      expect.stringMatching(/^It refuses the client with the redirect URI /),
    ])
    expect(wrong(await said({ portalUrl: 'https://portal.example.com' }))).toEqual([
      expect.stringMatching(/^It refuses the client with the redirect URI https:\/\/portal\.example\.com\//),
    ])
    expect(await said({ groupsClaim: 'teams' })).toContainEqual(
      expect.objectContaining({ mark: 'doubtful', what: expect.stringMatching(/^It doesn’t list the claim teams/) }),
    )
  })
})

describe('of further identity providers', () => {
  test('each is checked like the main one, for its own client, and no secret is shown', async () => {
    const portal = await openSignInFixture({ further: { id: 'partner' } })
    onTestFinished(() => portal.close())
    const dir = mkdtempSync(join(tmpdir(), 'spaceport-doctor-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const partner = portal.further()
    const path = join(dir, 'providers.json')
    const main = {
      issuer: portal.issuer,
      clientId: portal.client.id,
      groupsClaim: 'groups',
      algorithms: [],
      portalUrl: portal.origin,
    }
    const ask = async (entry: object) => {
      const whole = { id: 'partner', name: 'Partner', issuer: partner.issuer, clientId: partner.clientId, ...entry }
      writeFileSync(path, JSON.stringify([whole]))
      const areas = furtherProviders(path, main)
      return { titles: areas.map(({ title }) => title), found: (await Promise.all(areas.map(askAbout))).flat() }
    }
    const clientSecret = 'of-the-partner-only'
    const { titles, found } = await ask({ clientSecret })
    expect(titles).toEqual([`Identity provider ${partner.issuer}, partner`])
    expect(found.filter(({ mark }) => mark !== 'good')).toEqual([])
    expect(found.map(({ what }) => what)).toContain(
      `It knows the client, with the redirect URI ${portal.origin}/api/auth/callback/partner`,
    )
    const other = await ask({ clientSecret, clientId: portal.client.id })
    expect(wrong(other.found)).toEqual([expect.stringMatching(/^It refuses the client with the redirect URI /)])
    expect(other.found.map(renderFinding).join()).toContain('of partner’s clientId (docs/several-providers.md)')
    const twice = await ask({ clientSecret, issuer: portal.issuer })
    expect(wrong(twice.found)).toEqual([expect.stringContaining(`the issuer ${portal.issuer} is used twice`)])
    const away = await ask({ clientSecretFile: join(dir, 'none') })
    expect(wrong(away.found)).toEqual([
      expect.stringMatching(/^SPACEPORT_FURTHER_PROVIDERS is not usable: there is no file/),
    ])
    const said = [found, other.found, twice.found, away.found].flat().map(renderFinding).join()
    expect(said).not.toContain(clientSecret)
    expect(furtherProviders('', main)).toEqual([])
  })
})

describe('of certificates in front', () => {
  test('an expired certificate is named with its day', async () => {
    const server = createServer(await makeExpired(new Date('2026-01-02T00:00:00Z')))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const settings = { url, caFile: '', certificateFile: '', cluster: 'default' }
    expect(wrong(await askAbout(gatewayArea(settings)))).toContain(
      'The certificate of the gateway expired on 2026-01-02',
    )
    expect(wrong(await askAbout(portalArea(url)))).toContain('The certificate of the portal expired on 2026-01-02')
  })

  test('a certificate of another name, or of an untrusted authority', async () => {
    const gateway = await openGatewayFixture()
    onTestFinished(() => gateway.close())
    const settings = { caFile: join(gateway.dir, 'pki', 'ca.crt'), certificateFile: '', cluster: 'default' }
    const at = (host: string, caFile = settings.caFile) =>
      askAbout(gatewayArea({ ...settings, caFile, url: `https://${host}:${gateway.port}` }))
    expect(wrong(await at('localhost'))).toContain(
      'The certificate of the gateway is not for localhost, but for IP Address:127.0.0.1',
    )
    expect(wrong(await at('127.0.0.1', ''))).toContainEqual(
      expect.stringMatching(/^The certificate of the gateway isn’t signed by a trusted authority/),
    )
  })

  test('if nothing listens, each check reports it', async () => {
    const said = wrong(await askAbout(portalArea('http://127.0.0.1:9')))
    expect(said).toContainEqual(expect.stringMatching(/^The portal: /))
  })
})
