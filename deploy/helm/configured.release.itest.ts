import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { readGatewayConfig, readMigrationConfig, readWebConfig, readWorkerConfig } from '#lib/config/config.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { readKubeconfig } from '#lib/kubeconfig/read-kubeconfig.ts'
import { charts, type Helm, namespace, openRendered, values } from './helm.ts'
import { environmentOf, podOf, podsOf, secretsOf } from './pods.ts'

/** How values become the configuration of our processes, or a refusal. */
let helm: Helm
let least: Manifest[]
let full: Manifest[]

beforeAll(async () => {
  ;({ helm, least, full } = await openRendered())
}, 600_000)
afterAll(() => helm.close())

/** @returns the names that a process reads with its configuration */
function namesReadBy(read: (environment: Record<string, string | undefined>) => unknown): string[] {
  const names = new Set<string>()
  const empty: Record<string, undefined> = {}
  const note = (_target: unknown, name: string | symbol) => {
    names.add(String(name))
    return undefined
  }
  expect(() => read(new Proxy<Record<string, undefined>>(empty, { get: note }))).toThrow()
  return [...names]
}

const secrets = {
  DATABASE_URL: 'postgresql://a:b@db.example.com/spaceport?sslmode=verify-full',
  NEXTAUTH_SECRET: 'x'.repeat(32),
  OIDC_CLIENT_SECRET: 'secret',
}
const readers = {
  web: readWebConfig,
  gateway: readGatewayConfig,
  worker: readWorkerConfig,
  migrate: readMigrationConfig,
}

test.each(Object.entries(readers))('with the full values, %s gets all variables that it reads', (component, read) => {
  const given = environmentOf(podOf(full, component))
  // One process of a pod has its own port.
  const known = namesReadBy(read).filter(
    (name) => name !== 'GATEWAY_SHARES_PORT' && name !== 'NODE_TLS_REJECT_UNAUTHORIZED',
  )
  const besides = ['HOSTNAME', 'PORT', 'NODE_EXTRA_CA_CERTS', 'NODE_USE_ENV_PROXY', 'HTTPS_PROXY', 'NO_PROXY']
  expect(
    Object.keys(given)
      .filter((name) => !besides.includes(name))
      .sort(),
  ).toEqual(known.sort())
})

test.each(Object.entries(readers))(
  '%s accepts its configuration, with the least values and the full',
  (component, read) => {
    for (const objects of [least, full]) {
      const given = environmentOf(podOf(objects, component))
      expect(() => read({ ...given, ...(component === 'worker' && { SMTP_URL: '' }), ...secrets })).not.toThrow()
    }
    if (component === 'web')
      expect(readWebConfig({ ...environmentOf(podOf(full, 'web')), ...secrets })).toMatchObject({
        SPACEPORT_ADMIN_GROUPS: ['platform-admins', 'on-call'],
        SPACEPORT_TRUSTED_HOPS: 2,
        OIDC_LOGOUT_ENDS_CREDENTIALS: false,
      })
    const listeners = (objects: Manifest[]) =>
      Object.entries(environmentOf(podOf(objects, component))).filter(([name]) => /HOSTNAME|_LISTEN$/.test(name))
    expect(listeners(least).map(([, value]) => value?.replace(/:\d+$/, ''))).toEqual(
      listeners(least).map(() => '0.0.0.0'),
    )
    expect(listeners(full).map(([, value]) => value?.replace(/\]:\d+$/, ']'))).toEqual(
      listeners(full).map(([name]) => (name === 'HOSTNAME' ? '::' : '[::]')),
    )
  },
)

test('our processes can read the kubeconfig, which has a separate token for each cluster', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-kubeconfig-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const { caFile } = await openAuthority(dir, 'a cluster')
  const found = full.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'spaceport-kubeconfig')
  const text = z.object({ data: z.object({ config: z.string() }) }).parse(found).data.config
  for (const cluster of ['prod', 'lab', 'cloud']) {
    mkdirSync(join(dir, cluster))
    writeFileSync(join(dir, cluster, 'token'), `token of ${cluster}`)
    if (cluster !== 'cloud') writeFileSync(join(dir, cluster, 'ca.crt'), readFileSync(caFile))
  }
  const path = join(dir, 'config')
  writeFileSync(path, text.replaceAll('/var/run/spaceport/clusters', dir))
  const { SPACEPORT_CLUSTERS: wanted } = readGatewayConfig({ ...environmentOf(podOf(full, 'gateway')), ...secrets })
  expect(readKubeconfig(path, wanted)).toMatchObject([
    { name: 'prod', server: 'https://10.96.0.1', login: { tokenFile: join(dir, 'prod', 'token') } },
    { name: 'lab', server: 'https://lab.example.com:6443', login: { tokenFile: join(dir, 'lab', 'token') } },
    { name: 'cloud', authority: undefined, login: { tokenFile: join(dir, 'cloud', 'token') } },
  ])
  const cloud = podOf(full, 'gateway').spec.volumes.find(({ name }) => name === 'cluster-cloud')
  expect(cloud?.secret?.items).toEqual([{ key: 'token', path: 'token' }])
})

test.each([
  ['a required variable is missing', '', /at '\/config': missing properties 'SPACEPORT_URL'/],
  ['a value is misspelt', 'web.replica=3', /at '\/web': additional properties 'replica' not allowed/],
  [
    'a secret is written into the values',
    'config.DATABASE_URL=postgresql://x',
    /additional properties 'DATABASE_URL' not/,
  ],
  [
    'a variable is out of range',
    'config.SPACEPORT_SPACE_LIMIT=1001',
    /SPACEPORT_SPACE_LIMIT': maximum: got 1,001, want 1,000/,
  ],
  ['a variable is not one of its words', 'config.LOG_LEVEL=loud', /LOG_LEVEL': value must be one of 'trace', 'debug'/],
  [
    'a URL is not https',
    'config.SPACEPORT_URL=http://x.example.com',
    /SPACEPORT_URL': .* does not match pattern '\^https/,
  ],
  ['an alert would lead nowhere', 'monitoring.alerts=true', /at '\/monitoring\/runbooks': minLength: got 0, want 1/],
  [
    'a label would take a pod from its policy',
    'labels.app\\.kubernetes\\.io/component=x',
    /at '\/labels\/app.kubernetes.io~1component': false schema/,
  ],
  ['pods are to listen on one address', 'pods.listen=10.0.0.1', /at '\/pods\/listen': value must be one of/],
  ['there are no replicas', 'worker.replicas=0', /at '\/worker\/replicas': minimum: got 0, want 1/],
  ['a pod is to run as root', 'podUser.runAsUser=0', /at '\/podUser\/runAsUser': minimum: got 0, want 1/],
  [
    'a login is not a valid name',
    'migrations.logins.web=a b',
    /at '\/migrations\/logins\/web': 'a b' does not match pattern/,
  ],
  ['a login is of another process', 'migrations.logins.owner=a', /additional properties 'owner' not allowed/],
  [
    'anyone may reach web behind an Ingress that it trusts for addresses',
    'web.ingress.enabled=true',
    /networkPolicy\.webFrom: name the pods of the ingress controller/,
  ],
  [
    'anyone may reach web behind a Gateway that it trusts for addresses',
    'web.httpRoute.enabled=true,web.httpRoute.parentRefs[0].name=public',
    /networkPolicy\.webFrom: name the pods of the ingress controller/,
  ],
  [
    'anyone may reach web behind another proxy that it trusts for addresses',
    'config.SPACEPORT_TRUSTED_HOPS=2',
    /networkPolicy\.webFrom: name the pods of the ingress controller/,
  ],
  ['there is no cluster', 'clusters.own.enabled=false', /clusters: there is none/],
  [
    'the test’s namespace is mapped to no person',
    'test.space.namespace=team-a',
    /maps no person to team-a. Add default\/team-a=HANDLE/,
  ],
  [
    'extraEnv sets what the chart sets',
    'gateway.extraEnv[0].name=KUBECONFIG',
    /extraEnv sets KUBECONFIG, which the chart sets itself/,
  ],
])('it is refused, with the reason, if %s', async (_what, set, words) => {
  const given = set === '' ? [] : ['--values', values.least, '--set', set]
  const { status, output } = await helm.run('template', 's', charts.spaceport, '-n', namespace, ...given)
  expect(output.replaceAll('\n', ' ')).toMatch(words)
  expect(status).not.toBe(0)
})

test.each([
  ['the proxy’s addresses are not trusted', 'web.ingress.enabled=true,config.SPACEPORT_TRUSTED_HOPS=0'],
  ['there are no network policies', 'web.ingress.enabled=true,networkPolicy.enabled=false'],
  ['its pods are named', 'web.ingress.enabled=true,networkPolicy.webFrom[0].podSelector.matchLabels.app=ingress'],
])('an Ingress is accepted without more settings if %s', async (_what, set) => {
  const { status, output } = await helm.run(
    ...['template', 's', charts.spaceport, '-n', namespace, '--values', values.least, '--set', set],
  )
  expect(status, output).toBe(0)
})

test('it is refused in another namespace', async () => {
  const { status, output } = await helm.run(
    'template',
    's',
    charts.spaceport,
    '-n',
    'default',
    '--values',
    values.least,
  )
  expect(output).toContain('Install Spaceport into the namespace spaceport-system')
  expect(status).not.toBe(0)
})

test('the chart accepts the values of docs/install.md, and its secrets are the ones that pods use', async () => {
  const page = readFileSync('docs/install.md', 'utf8')
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-install-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'values.yaml')
  const [, text = ''] = /```yaml\n(# values\.yaml[\s\S]*?)```/.exec(page) ?? []
  writeFileSync(file, text)
  const objects = await helm.render(charts.spaceport, '--values', file)
  expect(() => readWebConfig({ ...environmentOf(podOf(objects, 'web')), ...secrets })).not.toThrow()
  const made = new Set(
    [...page.matchAll(/^create (\S+)|create secret tls (\S+)/gm)].map(([, name, tls]) => name ?? tls),
  )
  const asked = new Set([...podsOf(objects).values()].flatMap(secretsOf))
  expect([...asked].sort()).toEqual([...made].sort())
  // Everything outside of Kubernetes itself is among the prerequisites.
  const [, prerequisites = ''] = /^## 1\. What you need$([\s\S]*?)^## 2/m.exec(page) ?? []
  const besides = objects.map(({ apiVersion }) => apiVersion).filter((group) => !isBuiltIn(group))
  expect(new Set(besides)).toEqual(new Set(['gateway.networking.k8s.io/v1']))
  expect(prerequisites).toContain('**The Gateway API**')
  for (const [component, names] of Object.entries({
    web: ['NEXTAUTH_SECRET', 'OIDC_CLIENT_SECRET'],
    worker: [],
    gateway: [],
  }))
    for (const name of ['DATABASE_URL', ...names])
      expect(page).toMatch(new RegExp(`create spaceport-${component} [^]*?--from-literal=${name}=`))
  const roles = [...page.matchAll(/^CREATE ROLE (\w+_login) LOGIN/gm)].map(([, name]) => name)
  const { SPACEPORT_DATABASE_LOGINS: logins } = readMigrationConfig({
    ...environmentOf(podOf(objects, 'migrate')),
    ...secrets,
  })
  expect(logins.map(({ login }) => login).sort()).toEqual(roles.sort())
})

/** Kubernetes’ own groups, including those that define custom resources and fences. */
const isBuiltIn = (apiVersion: string) =>
  /^(v1|(apps|batch|policy|autoscaling)\/v\d|(rbac\.authorization|networking|node|apiextensions|admissionregistration)\.k8s\.io\/v1)$/.test(
    apiVersion,
  )

const guides = globSync('docs/{clusters,identity-providers}/*.md')

test('each guide for a cluster or a provider has values', () => {
  expect(guides).toHaveLength(12)
})

test.each(guides)('the values of %s are accepted by the chart and by our processes', async (guide) => {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-guide-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'values.yaml')
  const [, text = ''] = /```yaml\n(# values\.yaml[\s\S]*?)```/.exec(readFileSync(guide, 'utf8')) ?? []
  expect(text).not.toBe('')
  writeFileSync(file, text)
  const objects = await helm.render(charts.spaceport, '--values', values.least, '--values', file)
  if (guide.startsWith('docs/clusters/')) expect(objects.map(({ kind }) => kind)).toContain('HTTPRoute')
  for (const [component, read] of Object.entries(readers))
    expect(() => read({ ...environmentOf(podOf(objects, component)), ...secrets })).not.toThrow()
})

test('each port of DNS is opened for UDP and TCP, and no other port for UDP', async () => {
  const ports = '{53,5353}'
  const objects = await helm.render(
    ...([charts.spaceport, '--values', values.least, '--set', `networkPolicy.egress.dns.ports=${ports}`] as const),
  )
  const policy = z.object({
    spec: z.object({
      egress: z.array(z.object({ ports: z.array(z.object({ protocol: z.string(), port: z.number() })) })),
    }),
  })
  const opened = objects
    .filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'spaceport-web')
    .flatMap((object) => policy.parse(object).spec.egress)
    .flatMap(({ ports }) => ports.map(({ protocol, port }) => `${protocol} ${port}`))
  expect(opened.filter((one) => one.startsWith('UDP'))).toEqual(['UDP 53', 'UDP 5353'])
  expect(opened).toEqual(expect.arrayContaining(['TCP 53', 'TCP 5353']))
})
