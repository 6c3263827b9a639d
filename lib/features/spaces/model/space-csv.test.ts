import { expect, test } from 'vitest'
import { spaceHeader, spaceLine, spaceNoteLine } from './space-csv.ts'

const space = {
  name: 'web-dev',
  cluster: 'main',
  namespace: 'sp-web-dev',
  description: 'Web',
  size: 'S' as const,
  status: 'ready' as const,
  owner: { handle: 'bob-1a2b3c', name: 'Bob' },
  createdAt: new Date('2026-11-01T08:00:00Z'),
  endsAt: new Date('2026-12-01T23:59:59Z'),
  declaredNamespace: 'team-a',
  roles: 2,
  usage: [
    { resource: 'pods', used: '3', hard: '20', ratio: 0.15 },
    { resource: 'requests.cpu', used: '500m', hard: '2', ratio: 0.25 },
  ],
}

/** No field of these tests contains a comma. */
const fields = (line: string) => line.trimEnd().split(',')

test('each value is in its column', () => {
  const told = Object.fromEntries(fields(spaceHeader).map((column, at) => [column, fields(spaceLine(space))[at]]))
  expect(told).toEqual({
    name: 'web-dev',
    cluster: 'main',
    namespace: 'sp-web-dev',
    description: 'Web',
    owner: 'bob-1a2b3c',
    owner_name: 'Bob',
    status: 'ready',
    size: 'S',
    created: '2026-11-01T08:00:00.000Z',
    ends: '2026-12-01T23:59:59.000Z',
    roles: '2',
    cpu_used: '500m',
    cpu_limit: '2',
    memory_used: '',
    memory_limit: '',
    storage_used: '',
    storage_limit: '',
    pods_used: '3',
    pods_limit: '20',
    volumes_used: '',
    volumes_limit: '',
    git_object: 'team-a/web-dev',
    note: '',
  })
})

test('a note is in its own column', () => {
  expect(fields(spaceNoteLine('Cut here.')).length).toBe(fields(spaceHeader).length)
  expect(fields(spaceNoteLine('Cut here.')).at(-1)).toBe('Cut here.')
})

test.each(['=cmd|’/c calc’!A0', '+1', '@SUM(A1)', 'a;=cmd'])(
  'a description that is a formula stays text: %s',
  (text) => {
    expect(fields(spaceLine({ ...space, description: text }))[3]).toBe(text.replace(/(^|;)(?=[=+@])/, "$1'"))
  },
)
