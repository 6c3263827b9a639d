import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Kubectl } from '#dev/testing/kubectl.ts'
import { type Helm, namespace, openHelm } from './helm.ts'
import { documented, type Installation, openInstallation, where } from './installation.ts'
import { writeNextVersion } from './next-version.ts'

/** The ways back in docs/install.md: after a failed migration, and to the previous release. */
let installed: Installation
let kubectl: Kubectl

beforeAll(async () => {
  installed = await openInstallation()
  kubectl = installed.kubectl
  await kubectl.ok(['create', 'namespace', namespace])
}, 600_000)
afterAll(() => installed?.close())

const patient = { timeout: 30_000 }
const until = (args: readonly string[]) =>
  vi.waitFor(async () => expect(await kubectl.run(args)).toMatchObject({ status: 0 }), patient)
const nodes = async (what: 'cordon' | 'uncordon') => {
  const names = (await installed.list('nodes')).map(({ metadata: { name } }) => name)
  await kubectl.ok([what, ...names])
}
const podNames = async () =>
  (await installed.list('pods', '--selector', 'app.kubernetes.io/component=migrate')).map(
    ({ metadata: { name } }) => name,
  )

/**
 * Runs Helm while the migration fails at its first and only try. Its pod waits for a node until it is known to be one
 * that doesn’t finish.
 * @returns how Helm ended, with that pod’s name
 */
async function whileMigrationFails(helm: Helm, ...args: string[]) {
  const earlier = await podNames()
  await nodes('cordon')
  const ended = helm.run(...args)
  const [pod = ''] = await vi.waitFor(async () => {
    const found = (await podNames()).filter((name) => !earlier.includes(name))
    expect(found).toHaveLength(1)
    return found
  }, patient)
  await kubectl.ok(['patch', 'job/spaceport-migrate', ...where, '--patch', '{"spec":{"backoffLimit":0}}'])
  await kubectl.ok(['label', `pod/${pod}`, ...where, 'spaceport.dev/simulate=image-pull'])
  await nodes('uncordon')
  await until(['wait', `pod/${pod}`, ...where, '--for=jsonpath={.status.containerStatuses[0].state.waiting}'])
  const status = JSON.stringify({ status: { phase: 'Failed' } })
  await kubectl.ok(['patch', `pod/${pod}`, ...where, '--subresource=status', '--type=merge', '--patch', status])
  return { ...(await ended), pod }
}

const everything = [
  'deployments,services,serviceaccounts,networkpolicies,configmaps,clusterroles,clusterrolebindings,namespaces',
  'customresourcedefinitions,validatingadmissionpolicies,validatingadmissionpolicybindings',
].join()
/** Our objects, by identity. */
const identities = async () =>
  (await installed.list(everything))
    .map(({ metadata: { name, uid } }) => `${name} ${uid}`)
    .filter((text) => /spaceport/.test(text))
    .sort()
const templates = async () => {
  const parsed = z.looseObject({ template: z.unknown() })
  return (await installed.list('deployments')).map(({ metadata: { name }, spec }) => [
    name,
    parsed.parse(spec).template,
  ])
}
const rulesOf = async () => await kubectl.ok(['get', 'clusterroles', '--output', 'jsonpath={.items[*].rules}'])

// Helm 4 first: its second try may conflict with fences that Helm 3 created and left (docs/install.md).
describe.each([4, 3] as const)('Helm %i', (major) => {
  let helm: Helm
  beforeAll(async () => {
    helm = await openHelm(installed.cluster.adminKubeconfig, major)
  }, 600_000)
  afterAll(async () => {
    await helm?.run('uninstall', 'spaceport', ...where, '--wait')
    await helm?.close()
  })
  test('if the first migration fails, nothing else was started, its log is there, and the documented command installs', async () => {
    const before = await identities()
    const { pod, ...failed } = await whileMigrationFails(helm, 'install', ...documented)
    expect(failed.status).not.toBe(0)
    expect(failed.output).toMatch(/INSTALLATION FAILED: failed pre-install/)
    expect(await identities()).toEqual(before)
    expect(await installed.list('deployments')).toEqual([])
    expect(await podNames()).toEqual([pod])
    expect(await kubectl.ok(['logs', 'job/spaceport-migrate', ...where])).toContain('This pod runs on')
    await helm.ok('upgrade', '--install', ...documented)
    expect(Object.keys(await installed.revisions())).toEqual(['spaceport-gateway', 'spaceport-web', 'spaceport-worker'])
    await installed.proved()
    expect(await installed.fencesProblems()).toEqual([])
  })

  test('if an upgrade’s migration fails, everything keeps running, and the upgrade can be repeated and rolled back', async () => {
    const upgrade = ['upgrade', ...documented, '--set', 'config.SPACEPORT_WITHOUT_FENCES=closed']
    const before = { templates: await templates(), identities: await identities() }
    const failed = await whileMigrationFails(helm, ...upgrade)
    expect(failed.status).not.toBe(0)
    expect({ templates: await templates(), identities: await identities() }).toEqual(before)
    await helm.ok(...upgrade)
    const after = await templates()
    expect(after).not.toEqual(before.templates)
    expect(await installed.fencesProblems()).toEqual([])
    // The revisions are the failed installation, the second try, the failed upgrade, and the upgrade.
    await helm.ok('rollback', 'spaceport', ...where)
    expect(await templates()).toEqual(after)
    await helm.ok('rollback', 'spaceport', '2', ...where)
    expect(await templates()).toEqual(before.templates)
  })

  test('a rollback restores processes, fences and roles, runs no migration, and loses nothing', async () => {
    const before = { templates: await templates(), rules: await rulesOf(), identities: await identities() }
    const next = writeNextVersion(join(installed.cluster.dir, `next-${major}`))
    const [name = '', , ...rest] = documented
    await helm.ok('upgrade', name, next, ...rest, '--set', 'config.SPACEPORT_WITHOUT_FENCES=open')
    expect((await installed.fencesProblems()).length).toBeGreaterThan(5)
    expect(await rulesOf()).not.toBe(before.rules)
    expect(await templates()).not.toEqual(before.templates)
    // A migration would wait for a node, and Helm for the migration.
    await nodes('cordon')
    await helm.ok('rollback', 'spaceport', ...where)
    expect(await installed.list('jobs')).toEqual([])
    await nodes('uncordon')
    expect({ templates: await templates(), rules: await rulesOf(), identities: await identities() }).toEqual(before)
    expect(await installed.fencesProblems()).toEqual([])
    await installed.proved()
  })
})
