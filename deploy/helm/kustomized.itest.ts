import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { runCaptured } from '#dev/process/run-captured.ts'
import { createKubectl } from '#dev/testing/kubectl.ts'
import { charts, type Helm, namespace, objectsIn, openHelm } from './helm.ts'
import { environmentOf, podOf, podsOf } from './pods.ts'
import { baseFile, renderBase } from './render-base.ts'

const folder = join(charts.spaceport, '..', 'kustomize')
let helm: Helm

beforeAll(async () => {
  helm = await openHelm()
}, 600_000)
afterAll(() => helm.close())

test('the base is what the chart renders; `node dev/run.mjs deploy/helm/write-base.ts` brings it up to date', async () => {
  expect(readFileSync(baseFile, 'utf8')).toBe(await renderBase(helm))
})

test('kubectl makes the base and the example of an overlay, with its settings', async () => {
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

test('the API server takes the example', async () => {
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
