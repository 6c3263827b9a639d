import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readManifests } from '#dev/cluster/install.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import packageJson from '#package.json' with { type: 'json' }
import { charts, type Helm, openRendered, values } from './helm.ts'
import { podOf, podsOf, secretsOf, tokensOf } from './pods.ts'

/** What the charts render, without a cluster. */
let helm: Helm
let least: Manifest[]
let full: Manifest[]

beforeAll(async () => {
  ;({ helm, least, full } = await openRendered())
}, 600_000)
afterAll(() => helm.close())

const nameOf = ({ apiVersion, kind, metadata: { namespace, name } }: Manifest) =>
  [apiVersion, kind, namespace, name].join(' ')
const sorted = (objects: readonly Manifest[]) => objects.map((object) => [nameOf(object), object] as const).sort()

test.each(['least', 'full'] as const)('helm lint finds no problems with the %s values', async (which) => {
  await helm.ok('lint', '--strict', charts.spaceport, '--values', values[which], '--namespace', 'spaceport-system')
})

test('the chart for a cluster is exactly deploy/cluster-chart/templates', async () => {
  await helm.ok('lint', '--strict', charts.cluster)
  expect(sorted(await helm.render(charts.cluster))).toEqual(sorted(await readManifests()))
})

test('Spaceport’s chart contains it, also packaged, unless it is switched off', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-charts-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  await helm.ok('package', charts.spaceport, '--destination', dir)
  const packaged = await helm.render(join(dir, `spaceport-${packageJson.version}.tgz`), '--values', values.least)
  expect(sorted(packaged)).toEqual(sorted(least))
  const manifests = new Map(sorted(await readManifests()))
  expect(sorted(least).filter(([name]) => manifests.has(name))).toEqual([...manifests])
  const without = await helm.render(
    charts.spaceport,
    '--values',
    values.least,
    '--set',
    'spaceport-cluster.enabled=false',
  )
  expect(sorted(without)).toEqual(sorted(least).filter(([name]) => !manifests.has(name)))
})

test('charts and images have the version of the package', () => {
  for (const chart of Object.values(charts)) {
    const { version, appVersion } = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8'))
    expect({ version, appVersion }).toEqual({ version: packageJson.version, appVersion: packageJson.version })
  }
  const image = (objects: Manifest[], component: string) => podOf(objects, component).spec.containers[0]?.image
  expect(image(least, 'web')).toBe(`spaceport-web:${packageJson.version}`)
  expect(image(full, 'web')).toBe('registry.example.com/spaceport/spaceport-web:9.9.9')
  expect(image(full, 'gateway')).toBe(`registry.example.com/spaceport/spaceport-gateway@sha256:${'0'.repeat(64)}`)
  expect(image(full, 'migrate')).toBe(image(full, 'worker'))
})

test('each pod gets only its own secrets and identity', () => {
  const got = [...podsOf(full)].map(([component, pod]) => ({
    component,
    identity: pod.spec.serviceAccountName,
    tokens: tokensOf(pod),
    secrets: secretsOf(pod),
  }))
  expect(got.sort((a, b) => a.component.localeCompare(b.component))).toEqual([
    {
      component: 'gateway',
      identity: 'spaceport-gateway',
      tokens: 1,
      secrets: ['cloud-gateway', 'lab-gateway', 'of-cert-manager', 'of-gateway'],
    },
    { component: 'migrate', identity: undefined, tokens: 0, secrets: ['of-owner'] },
    { component: 'test', identity: 'spaceport-test', tokens: 1, secrets: ['of-cert-manager'] },
    {
      component: 'web',
      identity: 'spaceport-broker',
      tokens: 1,
      secrets: ['cloud-broker', 'lab-broker', 'of-cert-manager', 'of-providers', 'of-web'],
    },
    {
      component: 'worker',
      identity: 'spaceport-broker',
      tokens: 1,
      secrets: ['cloud-broker', 'lab-broker', 'of-audit', 'of-worker', 'siem-client'],
    },
  ])
  // Web mounts the Secret of the gateway’s certificate for its CA, and must not see the key.
  for (const component of ['web', 'test']) {
    const ca = podOf(full, component).spec.volumes.find(({ name }) => name === 'gateway-ca')
    expect(ca?.secret).toEqual({ secretName: 'of-cert-manager', items: [{ key: 'ca.crt', path: 'ca.crt' }] })
  }
  // Without a space to create, the test has no identity either.
  const withoutSpace = podOf(least, 'test')
  expect(withoutSpace.spec.serviceAccountName).toBeUndefined()
  expect([tokensOf(withoutSpace), secretsOf(withoutSpace)]).toEqual([0, []])
})

test('a command for operators is a separate Job, with the login and the identity that it needs', async () => {
  const job = async (...args: string[]) => {
    const objects = await helm.render(
      charts.spaceport,
      ...['--values', values.full, '--show-only', 'templates/command.yaml'],
      ...args.flatMap((arg) => ['--set', arg]),
    )
    expect(objects.map(({ kind }) => kind)).toEqual(['Job'])
    return podOf(objects, 'command')
  }
  const rebuild = await job('command.args={admin,rebuild,--cluster,lab}')
  expect([rebuild.spec.serviceAccountName, tokensOf(rebuild), secretsOf(rebuild)]).toEqual([
    'spaceport-broker',
    1,
    ['cloud-broker', 'lab-broker', 'of-owner'],
  ])
  const seal = await job('command.args={break-glass,seal}', 'command.secret=of-sealing')
  expect([seal.spec.serviceAccountName, tokensOf(seal), secretsOf(seal)]).toEqual([undefined, 0, ['of-sealing']])
  // It isn't part of a release, and each command is the one of docs/images.md.
  expect(podsOf(full).has('command')).toBe(false)
  const commands = [...readFileSync('docs/images.md', 'utf8').matchAll(/^\| `bin\/spaceport ([\w-]+)` \| `(.*)` \|$/gm)]
  expect(commands.length).toBeGreaterThan(5)
  for (const [, name = '', line = ''] of commands.filter(([, name]) => name !== 'migrate'))
    expect((await job(`command.args={${name}}`)).spec.containers[0]?.command?.join(' ')).toBe(line)
})

test('pods are scheduled, labelled and annotated by the values, including the migration’s and the test’s', async () => {
  for (const [component, pod] of podsOf(full)) {
    const ofWeb = component === 'web'
    expect(pod.spec, component).toMatchObject({
      nodeSelector: ofWeb ? { 'kubernetes.io/os': 'linux' } : { 'example.com/pool': 'platform' },
      tolerations: ofWeb ? [{ key: 'platform' }] : [{ key: 'pool' }],
      affinity: ofWeb ? { podAntiAffinity: {} } : { nodeAffinity: {} },
      priorityClassName: ofWeb ? 'system-cluster-critical' : 'system-node-critical',
    })
    expect(pod.metadata.labels['sidecar.istio.io/inject'], component).toBe('false')
    if (!['migrate', 'test'].includes(component))
      expect(pod.spec.topologySpreadConstraints, component).toMatchObject(
        Array(2).fill({ whenUnsatisfiable: 'DoNotSchedule' }),
      )
  }
  const manifests = new Set((await readManifests()).map(nameOf))
  for (const object of full.filter((one) => !manifests.has(nameOf(one))))
    expect(object.metadata.labels?.['example.com/cost-centre'], nameOf(object)).toBe('4711')
  for (const pod of podsOf(least).values())
    for (const field of ['nodeSelector', 'tolerations', 'affinity', 'priorityClassName'])
      expect(pod.spec).not.toHaveProperty(field)
})

test('the test’s rights last as long as its pod runs, and are limited to its namespace', () => {
  const ofTest = full.filter(({ metadata }) => metadata.name === 'spaceport-test')
  const hooks = ofTest.map(({ kind, metadata: { namespace, annotations } }) => [
    `${kind} ${namespace}`,
    annotations?.['helm.sh/hook'],
    annotations?.['helm.sh/hook-delete-policy'],
  ])
  const gone = 'before-hook-creation,hook-succeeded,hook-failed'
  expect(hooks.sort()).toEqual([
    ['ConfigMap spaceport-system', 'test', gone],
    ['NetworkPolicy spaceport-system', undefined, undefined],
    // Its log is read afterwards.
    ['Pod spaceport-system', 'test', 'before-hook-creation'],
    ['Role team-a', 'test', gone],
    ['RoleBinding team-a', 'test', gone],
    ['ServiceAccount spaceport-system', 'test', gone],
  ])
  expect(ofTest.find(({ kind }) => kind === 'Role')?.rules).toEqual([
    { apiGroups: ['spaceport.dev'], resources: ['spaces'], verbs: ['create', 'get', 'delete'] },
  ])
  const inLeast = least.filter(({ metadata }) => metadata.name === 'spaceport-test').map(({ kind }) => kind)
  expect(inLeast.sort()).toEqual(['ConfigMap', 'NetworkPolicy', 'Pod'])
})

test('routes to the portal exclude its metrics and its readiness', () => {
  const path = z.looseObject({ path: z.string(), backend: z.object({ service: z.looseObject({ name: z.string() }) }) })
  const ingress = z
    .object({ spec: z.object({ rules: z.array(z.object({ http: z.object({ paths: z.array(path) }) })) }) })
    .parse(full.find(({ kind }) => kind === 'Ingress'))
  const leads = ingress.spec.rules.flatMap(({ http }) => http.paths.map((one) => [one.path, one.backend.service.name]))
  expect(leads).toEqual([
    ['/api/metrics', 'spaceport-closed'],
    ['/api/readyz', 'spaceport-closed'],
    ['/', 'spaceport-web'],
  ])
  const closed = full.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'spaceport-closed')
  expect(closed?.spec).not.toHaveProperty('selector')
})

test('network policies admit the named peers, and web and the test to the gateway', () => {
  const rules = z.array(
    z.object({ ports: z.array(z.object({ port: z.number() })), from: z.array(z.unknown()).optional() }),
  )
  const ingress = (objects: readonly Manifest[], component: string) => {
    const policy = objects.find(
      ({ kind, metadata: { name } }) => kind === 'NetworkPolicy' && name === `spaceport-${component}`,
    )
    const { spec } = z.object({ spec: z.object({ ingress: rules }) }).parse(policy)
    return spec.ingress.map(({ ports, from }) => ({ ports: ports.map(({ port }) => port), from }))
  }
  const ours = (component: string) => ({
    podSelector: {
      matchLabels: {
        'app.kubernetes.io/name': 'spaceport',
        'app.kubernetes.io/part-of': 'spaceport',
        'app.kubernetes.io/component': component,
      },
    },
  })
  const of = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } })
  const watching = [of('monitoring'), ours('test')]
  expect(ingress(full, 'web')).toEqual([
    { ports: [3000], from: [of('ingress'), ours('test')] },
    { ports: [9092], from: watching },
  ])
  expect(ingress(full, 'gateway')).toEqual([
    { ports: [8443], from: [{ ipBlock: { cidr: '192.0.2.0/24' } }, ours('web'), ours('test')] },
    { ports: [9091], from: watching },
  ])
  expect(ingress(full, 'worker')).toEqual([
    { ports: [9090], from: watching },
    { ports: [9443], from: [{ ipBlock: { cidr: '198.51.100.0/24' } }] },
  ])
  for (const component of ['migrate', 'test']) expect(ingress(full, component)).toEqual([])
  // By default only clients of the portal and of kubectl may come from anywhere.
  const open = ['web', 'gateway', 'worker'].map((component) => ingress(least, component).filter(({ from }) => !from))
  expect(open.map((found) => found.flatMap(({ ports }) => ports))).toEqual([[3000], [8443], []])
})

test('pods run as the user of the images, and start their programs', () => {
  const containerfile = readFileSync('deploy/image/Containerfile', 'utf8')
  const [, user, group] = /^USER (\d+):(\d+)$/m.exec(containerfile) ?? []
  for (const [component, pod] of podsOf(least)) {
    const { runAsUser, runAsGroup } = z
      .looseObject({ runAsUser: z.number(), runAsGroup: z.number() })
      .parse(pod.spec.securityContext)
    expect([component, runAsUser, runAsGroup]).toEqual([component, Number(user), Number(group)])
    const command = pod.spec.containers[0]?.command
    // Only pods outside of the three processes set their command.
    expect(command?.[0]).toBe(['migrate', 'test'].includes(component) ? '/usr/bin/node' : undefined)
  }
  expect(containerfile.match(/^ENTRYPOINT \["\/usr\/bin\/node"/gm)).toHaveLength(3)
  expect(podOf(least, 'migrate').spec.containers[0]?.command?.[1]).toBe('/app/prisma/migrate.ts')
  expect(readFileSync('docs/images.md', 'utf8')).toContain('`/usr/bin/node /app/prisma/migrate.ts`')
})
