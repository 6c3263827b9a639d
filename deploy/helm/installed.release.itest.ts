import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Kubectl } from '#dev/testing/kubectl.ts'
import { charts, type Helm, namespace, values } from './helm.ts'
import { type Installation, openInstallation, where } from './installation.ts'
import { podsOf } from './pods.ts'

/** The chart with the real API server, its admission and its controllers. */
let installed: Installation
let helm: Helm
let kubectl: Kubectl

beforeAll(async () => {
  installed = await openInstallation()
  ;({ helm, kubectl } = installed)
}, 600_000)
afterAll(() => installed?.close())

async function writeObjects(name: string, items: readonly unknown[]): Promise<string> {
  const path = join(installed.cluster.dir, name)
  // JSON rather than YAML, in which kubectl reads the words yes and no differently from us.
  await writeFile(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  return path
}

test('the API server accepts everything that the chart can create, and every pod is restricted', async () => {
  const ownKinds = ['cert-manager.io', 'gateway.networking.k8s.io', 'monitoring.coreos.com']
  const rendered = await helm.render(charts.spaceport, '--values', values.full)
  const objects = rendered.filter(({ apiVersion }) => !ownKinds.includes(apiVersion.split('/')[0] ?? ''))
  const [system] = objects.filter(({ kind, metadata: { name } }) => kind === 'Namespace' && name === namespace)
  await kubectl.ok(['apply', '--server-side', '--filename', await writeObjects('namespace.yaml', [system])])
  // The test’s pod is checked below, because its ServiceAccount comes with it.
  const inSystem = objects.filter(({ kind, metadata }) => metadata.namespace === namespace && kind !== 'Pod')
  expect(inSystem.length).toBeGreaterThan(20)
  const dryRun = ['--dry-run=server', '--filename']
  await kubectl.ok(['apply', '--server-side', ...dryRun, await writeObjects('all.yaml', inSystem)])
  // Pod Security checks only the pods of Deployments.
  const pods = [...podsOf(objects)].map(
    ([
      name,
      {
        metadata: { labels },
        spec,
      },
    ]) => ({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels } },
      spec: { ...spec, serviceAccountName: 'default' },
    }),
  )
  expect(pods).toHaveLength(5)
  const created = () => kubectl.run(['create', ...dryRun, join(installed.cluster.dir, 'pods.yaml')])
  await writeObjects('pods.yaml', pods)
  await vi.waitFor(async () => expect(await created()).toMatchObject({ status: 0, stderr: '' }), { timeout: 60_000 })
  const [first] = pods
  await writeObjects('pods.yaml', [{ ...first, spec: { ...first?.spec, hostNetwork: true } }])
  expect((await created()).stderr).toContain('violates PodSecurity "restricted')
})

async function components(): Promise<(string | undefined)[]> {
  const pods = await installed.list('pods', '--selector', 'app.kubernetes.io/name=spaceport')
  return pods.map(({ metadata: { labels } }) => labels?.['app.kubernetes.io/component']).sort()
}

test('one command installs it: the schema first, then two of each process, behind fences that hold', async () => {
  await installed.install()
  // The pod of the migration goes a moment later.
  await expect.poll(async () => new Set(await components())).toEqual(new Set(['gateway', 'web', 'worker']))
  // The second pod of web and gateway comes with the autoscaler's next round.
  const replicas = z.looseObject({ minReplicas: z.number().optional(), replicas: z.number().optional() })
  const least = (objects: Awaited<ReturnType<typeof installed.list>>) =>
    objects.map(({ metadata: { name }, spec }) => [name, replicas.parse(spec)] as const)
  const scaled = new Map(least(await installed.list('horizontalpodautoscalers')))
  for (const [name, { replicas: count }] of least(await installed.list('deployments')))
    expect(scaled.get(name)?.minReplicas ?? count).toBe(2)
  const [system] = await installed.list('namespaces', '--field-selector', `metadata.name=${namespace}`)
  expect(system?.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' })
  // The Job ran: its pod was created, and is gone with it.
  expect(await kubectl.ok(['get', 'events', ...where])).toContain('job/spaceport-migrate')
  expect(await installed.list('jobs')).toEqual([])
  await installed.proved()
  expect(await installed.fencesProblems()).toEqual([])
})

test('a command is not part of a release', async () => {
  const args = ['upgrade', 'spaceport', charts.spaceport, ...where, '--reuse-values']
  const { status, output } = await helm.run(...args, '--set', 'command.args={admin,rebuild}')
  expect(status).not.toBe(0)
  expect(output).toContain('command.args is for `helm template --show-only templates/command.yaml`')
})

test('each pod is selected by one network policy, for both directions', async () => {
  const policy = z.object({
    podSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    policyTypes: z.array(z.string()),
  })
  const policies = (await installed.list('networkpolicies')).map(({ metadata: { name }, spec }) => ({
    name,
    ...policy.parse(spec),
  }))
  const rendered = await helm.render(charts.spaceport, '--values', values.least)
  const pods = [...podsOf(rendered)]
  expect(pods).toHaveLength(5)
  for (const [
    component,
    {
      metadata: { labels },
    },
  ] of pods) {
    const selecting = policies.filter(({ podSelector }) =>
      Object.entries(podSelector.matchLabels).every(([key, value]) => labels[key] === value),
    )
    expect(selecting.map(({ name }) => name)).toEqual([`spaceport-${component}`])
    expect(selecting[0]?.policyTypes).toEqual(['Ingress', 'Egress'])
  }
})

test('a changed value restarts exactly the processes that use it', async () => {
  const before = await installed.revisions()
  const upgrade = (...set: string[]) =>
    helm.ok('upgrade', 'spaceport', charts.spaceport, ...where, '--reuse-values', ...set)
  await upgrade('--set', 'config.SPACEPORT_WITHOUT_FENCES=closed')
  await expect.poll(installed.revisions).toEqual({ ...before, 'spaceport-gateway': 2 })
  // The kubeconfig is a file that processes read once, at start.
  await upgrade('--set', 'clusters.own.server=https://10.96.0.1')
  await expect.poll(installed.revisions).toEqual({ 'spaceport-gateway': 3, 'spaceport-web': 2, 'spaceport-worker': 2 })
})

test('`helm test` waits for its pod, reports its result, and leaves the pod for its log but no rights', async () => {
  await kubectl.ok(['create', 'namespace', 'git'])
  const mapped = [
    '--set',
    'test.space.namespace=git',
    '--set',
    'config.SPACEPORT_GIT_IDENTITIES={default/git=git-1a2b3c}',
  ]
  await helm.ok('upgrade', 'spaceport', charts.spaceport, ...where, '--reuse-values', ...mapped)
  const kinds = ['configmap', 'serviceaccount', 'role', 'rolebinding'].map((kind) => `${kind}/spaceport-test`)
  const needed = async () => {
    const found = await Promise.all(
      [namespace, 'git'].map((of) => kubectl.ok(['get', '--ignore-not-found', '--output', 'name', '-n', of, ...kinds])),
    )
    return found.join('').trim().split('\n').filter(Boolean).length
  }
  const podIs = async (field: string) =>
    await kubectl.ok(['get', 'pod/spaceport-test', ...where, '--ignore-not-found', '--output', `jsonpath={${field}}`])
  const played = async (phase: string) => {
    const before = await podIs('.metadata.uid')
    const tested = helm.run('test', 'spaceport', ...where, '--timeout', '150s')
    const status = JSON.stringify({ status: { phase, containerStatuses: [] } })
    const patch = [
      'patch',
      'pod',
      'spaceport-test',
      ...where,
      '--subresource=status',
      '--type=merge',
      '--patch',
      status,
    ]
    const isNew = async () => expect(['', before]).not.toContain(await podIs('.metadata.uid'))
    await vi.waitFor(isNew, { timeout: 30_000 })
    expect(await needed()).toBe(4)
    // kwok would otherwise overwrite the status.
    await vi.waitFor(async () => expect(await podIs('.status.phase')).toBe('Running'), { timeout: 30_000 })
    await kubectl.ok(patch)
    const ended = await tested
    expect(await needed()).toBe(0)
    expect(await podIs('.status.phase')).toBe(phase)
    return ended
  }
  expect(await played('Succeeded')).toMatchObject({
    status: 0,
    output: expect.stringContaining('Phase:          Succeeded'),
  })
  expect((await played('Failed')).status).not.toBe(0)
})

test('after an uninstall, nothing runs or has rights; the fences, people’s data and the operator’s stay', async () => {
  await kubectl.ok(['create', 'serviceaccount', 'somebody', '--namespace', 'spaceport-users'])
  await kubectl.ok(['create', 'secret', 'generic', 'spaceport-web', ...where])
  await helm.ok('uninstall', 'spaceport', ...where, '--wait')
  expect(
    await installed.list(
      'deployments,services,networkpolicies,serviceaccounts',
      '--selector',
      'app.kubernetes.io/part-of=spaceport',
    ),
  ).toEqual([])
  expect(await kubectl.ok(['get', 'clusterroles', '--output', 'name'])).not.toContain('spaceport:')
  expect(await installed.fencesProblems()).toEqual([])
  await kubectl.ok(['get', 'serviceaccount', 'somebody', '--namespace', 'spaceport-users'])
  await kubectl.ok(['get', 'secret', 'spaceport-web', ...where])
})

test('it takes over manually applied objects', async () => {
  await kubectl.ok(['apply', '--server-side', '--force-conflicts', '--filename', join(charts.cluster, 'templates')])
  await installed.install('--force-conflicts')
  expect(Object.keys(await installed.revisions())).toEqual(['spaceport-gateway', 'spaceport-web', 'spaceport-worker'])
  await installed.proved()
})

test('another cluster gets what it needs from the chart for clusters alone', async () => {
  await helm.ok('uninstall', 'spaceport', ...where, '--wait')
  await helm.ok('install', 'spaceport-cluster', charts.cluster, ...where, '--take-ownership')
  expect(await installed.list('deployments')).toEqual([])
  await installed.proved()
})
