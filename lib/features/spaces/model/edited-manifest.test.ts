import { expect, test } from 'vitest'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { parseEdited, renderEditable } from './edited-manifest.ts'

const opened = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' }
const head = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n'

const refusal = (text: string): string => {
  try {
    parseEdited(text, opened)
    return ''
  } catch (error) {
    if (isAppError(error, 'bad_input')) return error.fields.manifest ?? ''
    throw error
  }
}

test('the text has no status and nothing that the API server writes, and comes back unchanged', () => {
  const spec = {
    text: ['yes', '0644', '1:30', '2026-12-03', 'null', '~', '1e3', 'a: b', ' x', '*a', 'line\n  two\n', '\r', '<<'],
    numbers: [420, 0.5, -1],
    flags: [true, false, null],
  }
  const metadata = { name: 'web', namespace: 'shop', labels: { on: 'off' } }
  const text = renderEditable({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...metadata,
      uid: 'u',
      generation: 2,
      resourceVersion: '7',
      creationTimestamp: '2026-12-03T09:00:00Z',
      managedFields: [{ manager: 'kubectl' }],
      annotations: { note: 'kept', 'kubectl.kubernetes.io/last-applied-configuration': '{"a":1}' },
    },
    spec,
    status: { replicas: 1 },
  })
  expect(text).toMatch(/^apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n {2}name: web\n/)
  expect(parseEdited(text, opened)).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, annotations: { note: 'kept' } },
    spec,
  })
})

test('YAML is read as kubectl reads it', () => {
  const text = `${head}spec: {mode: 0644, flag: on, hex: 0x10, day: 2026-12-03, time: 1:30, more: "on"}\n`
  expect(parseEdited(text, opened).spec).toEqual({
    mode: 420,
    flag: true,
    hex: 16,
    day: '2026-12-03',
    time: '1:30',
    more: 'on',
  })
})

test('another object than the one opened is refused', () => {
  for (const [from, to] of [
    ['apps/v1', 'v1'],
    ['Deployment', 'Secret'],
    ['name: web', 'name: other'],
    ['name: web', 'name: ../../secrets/db'],
    ['name: web', 'name: [web]'],
    ['name: web', 'name: web, namespace: kube-system'],
    ['metadata: {name: web}', 'metadata: {generateName: web}'],
  ] as const)
    expect(refusal(head.replace(from, to)), to).toMatch(/^Keep /)
  for (const text of ['', 'web', '[1]', 'metadata: web', 'apiVersion: apps/v1', '# nothing'])
    expect(refusal(text), text).toBe('Write one object, with apiVersion, kind and metadata.')
})

test('text that could be read in two ways, or never end, is refused', () => {
  const bomb = Array.from(
    { length: 9 },
    (_, n) =>
      `x${n}: &x${n} [${
        n
          ? Array(9)
              .fill(`*x${n - 1}`)
              .join(',')
          : 'lol'
      }]`,
  )
  expect(refusal(`${head}${bomb.join('\n')}\n`)).toMatch(/aliases aren’t supported/)
  expect(refusal(`${head}spec: &all {a: *all}\n`)).toMatch(/aliases aren’t supported/)
  expect(refusal(`${head}---\n${head}`)).toBe('Write one document, without --- between several.')
  expect(refusal(`${head}kind: Secret\n`)).toBe('kind is there twice.')
  expect(refusal(`${head}spec: {1: a, "1": b}\n`)).toBe('1 is there twice.')
  expect(refusal(`${head}spec: {[a]: b}\n`)).toBe('Write each key as a text.')
  expect(refusal(`%YAML 1.2\n---\n${head}spec: !!omap [{disk: ssd}]\n`)).toBe('Write no %YAML directive.')
  expect(refusal(`${head}spec: !!binary aGk=\n`)).toMatch(/^Line 4: /)
  expect(refusal(`${head}spec: !!js/function 'a'\n`)).toMatch(/^Line 4: /)
  expect(refusal(`${head}spec: {replicas: 9007199254740993}\n`)).toBe('9007199254740993 is too large a number.')
  expect(refusal(`${head}spec: {replicas: .inf}\n`)).toBe('.inf is too large a number.')
  expect(refusal(`${head}spec: ${'['.repeat(50_000)}\n`)).not.toBe('')
  expect(refusal(`${head}spec: {a: 1\n`)).toMatch(/^Line \d: /)
  expect(refusal(`${head.replace('{name: web}', '{name: web, annotations: text}')}`)).toMatch(/^Write one object/)
  const odd = parseEdited(`${head}__proto__: {polluted: true}\n<<: {kind: Secret}\n`, opened)
  expect(odd.kind).toBe('Deployment')
  expect({}).not.toHaveProperty('polluted')
})

test('many keys take linear time', () => {
  const keys = Array.from({ length: 12_000 }, (_, n) => `k${n.toString(36)}`)
  const before = process.cpuUsage()
  expect(parseEdited(`${head}spec: {${keys.join(',')}}\n`, opened).spec).toHaveProperty('ka')
  const { user } = process.cpuUsage(before)
  // Microseconds of CPU: the parser’s own check took several times as many.
  expect(user).toBeLessThan(1_500_000)
})
