import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { buildHelm } from '#dev/cluster/build-helm.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import { writeKustomize } from '#dev/release/write-kustomize.ts'
import { createKubectl } from '#dev/testing/kubectl.ts'
import { namespace, objectsIn } from './helm.ts'
import { environmentOf, podOf, podsOf } from './pods.ts'

/** As in a release. */
const folder = mkdtempSync(join(tmpdir(), 'spaceport-kustomize-'))

beforeAll(async () => writeKustomize(await buildHelm(4, () => {}), folder), 600_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('kubectl builds the base and the example of an overlay, with its settings', async () => {
  const build = async (name: string) => {
    const { status, output, stdout } = await runCaptured(inject('binaries').kubectl, ['kustomize', join(folder, name)])
    expect(output).toBe(stdout)
    expect(status).toBe(0)
    return objectsIn(stdout)
  }
  const base = await build('base')
  const example = await build('example')
  expect([...podsOf(base).keys()].sort()).toEqual(['gateway', 'migrate', 'web', 'worker'])
  expect(base.every(({ metadata }) => metadata.namespace === namespace)).toBe(true)
  expect(podOf(example, 'worker').spec.containers[0]).toMatchObject({
    image: expect.stringMatching(/^registry\.example\.com\/spaceport\/spaceport-worker:\d/),
  })
  const [before, after] = [base, example].map((objects) => environmentOf(podOf(objects, 'web')))
  expect(Object.keys(after ?? {}).sort()).toEqual(Object.keys(before ?? {}).sort())
  expect(after?.SPACEPORT_URL).toBe('https://portal.example.org')
})

test('the API server accepts the example', async () => {
  const kubectl = createKubectl({ program: inject('binaries').kubectl, kubeconfig: inject('kubeAdmin') })
  const applied = await kubectl.ok([
    'apply',
    '--server-side',
    '--dry-run=server',
    '--kustomize',
    join(folder, 'example'),
  ])
  expect(applied).toContain('deployment.apps/spaceport-gateway serverside-applied')
})
