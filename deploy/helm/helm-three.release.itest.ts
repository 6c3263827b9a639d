import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { charts, type Helm, namespace, openHelm, values } from './helm.ts'
import { documented, type Installation, openInstallation, where } from './installation.ts'
import { writeNextVersion } from './next-version.ts'

/** The charts with Helm 3; the other files of this folder use Helm 4. */
let installed: Installation
let helm: Helm
let helm4: Helm

beforeAll(async () => {
  installed = await openInstallation(3)
  helm = installed.helm
  helm4 = await openHelm(installed.cluster.adminKubeconfig, 4)
}, 600_000)
afterAll(async () => {
  await helm4?.close()
  await installed?.close()
})

const processes = ['spaceport-gateway', 'spaceport-web', 'spaceport-worker']
const running = async () => Object.keys(await installed.revisions())

test('helm lint of Helm 3 finds no problems', async () => {
  expect(await helm.ok('version', '--short')).toMatch(/^v3\./)
  await helm.ok('lint', '--strict', charts.cluster)
  for (const file of [values.least, values.full])
    await helm.ok('lint', '--strict', charts.spaceport, '--values', file, ...where)
})

test.each([
  ['the cluster’s chart', charts.cluster],
  ['the least values', charts.spaceport, '--values', values.least],
  ['the full values', charts.spaceport, '--values', values.full],
])('Helm 3 renders %s like Helm 4', async (_name, chart, ...args) => {
  const nameOf = ({ kind, metadata }: Manifest) => [kind, metadata.namespace, metadata.name].join(' ')
  const [by3, by4] = await Promise.all(
    [helm, helm4].map(async (either) =>
      (await either.render(chart, ...args)).map((object) => [nameOf(object), object] as const).sort(),
    ),
  )
  expect(by3?.length).toBeGreaterThan(20)
  expect(by3).toEqual(by4)
})

test('the documented command installs with Helm 3, behind fences that hold', async () => {
  // It is there for the secrets.
  await installed.kubectl.ok(['create', 'namespace', namespace])
  await installed.install()
  expect(await running()).toEqual(processes)
  await installed.proved()
  expect(await installed.fencesProblems()).toEqual([])
})

test('Helm 3 upgrades, and Helm 4 continues with its release, also with other fences', async () => {
  const upgrade = (by: Helm, chart: string, ...args: string[]) =>
    by.ok('upgrade', 'spaceport', chart, ...where, '--values', values.least, ...args)
  await upgrade(helm, charts.spaceport, '--set', 'config.SPACEPORT_WITHOUT_FENCES=closed')
  const others = { 'spaceport-web': 1, 'spaceport-worker': 1 }
  await expect.poll(installed.revisions, { timeout: 30_000 }).toEqual({ ...others, 'spaceport-gateway': 2 })
  expect(await installed.fencesProblems()).toEqual([])
  await upgrade(helm4, writeNextVersion(join(installed.cluster.dir, 'next')))
  await expect.poll(installed.revisions, { timeout: 30_000 }).toEqual({ ...others, 'spaceport-gateway': 3 })
  expect((await installed.fencesProblems()).length).toBeGreaterThan(5)
})

test('after an uninstall with Helm 3, nothing runs or has rights, and the fences stay', async () => {
  const before = await installed.fencesProblems()
  await helm.ok('uninstall', 'spaceport', ...where, '--wait')
  const kinds = 'deployments,services,networkpolicies,serviceaccounts'
  expect(await installed.list(kinds, '--selector', 'app.kubernetes.io/part-of=spaceport')).toEqual([])
  expect(await installed.kubectl.ok(['get', 'clusterroles', '--output', 'name'])).not.toContain('spaceport:')
  expect(await installed.fencesProblems()).toEqual(before)
})

test('the documented commands install with Helm 4 over the fences of another version that Helm 3 left', async () => {
  // No migration is that fast.
  expect((await helm4.run('install', ...documented, '--timeout', '1ms')).status).not.toBe(0)
  const again = ['upgrade', '--install', ...documented]
  const refused = await helm4.run(...again)
  expect(refused.status).not.toBe(0)
  expect(refused.output).toContain('conflict occurred while applying object /spaceport-broker')
  // The flag alone would leave match conditions that this version doesn’t have.
  await installed.kubectl.ok(['replace', '--filename', join(charts.cluster, 'templates', '60-fences.yaml')])
  await helm4.ok(...again, '--force-conflicts')
  const problems = await installed.fencesProblems()
  await helm4.ok('uninstall', 'spaceport', ...where, '--wait')
  expect(problems).toEqual([])
})

test('Helm 3 takes over manually applied objects, and has no flag for conflicts', async () => {
  const manifests = join(charts.cluster, 'templates')
  await installed.kubectl.ok(['apply', '--server-side', '--force-conflicts', '--filename', manifests])
  await expect(installed.install('--force-conflicts')).rejects.toThrow('unknown flag: --force-conflicts')
  await installed.install()
  expect(await running()).toEqual(processes)
  expect(await installed.fencesProblems()).toEqual([])
})
