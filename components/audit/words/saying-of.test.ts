import { expect, test } from 'vitest'
import { sayingOf } from './saying-of.ts'
import type { SentencePart } from './sentence-part.ts'

const person = (handle: string): SentencePart => ({ is: 'person', name: 'Alice', handle })
const kubeconfig = (id: string): SentencePart => ({ is: 'credential', text: 'a kubeconfig', id })
const saying = (told: SentencePart[], more = {}) =>
  sayingOf({
    seq: '1',
    id: '1',
    at: '2026-03-01T10:30:00.000Z',
    told,
    failure: null,
    usedUp: [],
    around: false,
    reported: null,
    outcome: 'ok',
    ...more,
  })

test('when it happened makes no difference, nor which kubeconfig of a person it was', () => {
  const told = [person('alice-1'), ' created ']
  expect(saying([...told, kubeconfig('1')])).toBe(
    saying([...told, kubeconfig('2')], { seq: '2', id: '2', at: '2026-03-02T10:30:00.000Z' }),
  )
})

test('namesakes say different things, and so do outcomes', () => {
  expect(saying([person('alice-1'), ' signed in'])).not.toBe(saying([person('alice-2'), ' signed in']))
  expect(saying(['it'], { outcome: 'failed' })).not.toBe(saying(['it']))
})
