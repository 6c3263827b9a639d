import { expect, test } from 'vitest'
import { repeatKey } from './repeat-key.ts'
import type { SentencePart } from './sentence-part.ts'

const person = (handle: string): SentencePart => ({ is: 'person', name: 'Alice', handle })
const kubeconfig = (id: string): SentencePart => ({ is: 'credential', text: 'a kubeconfig', id })
const keyFor = (sentence: SentencePart[], more = {}) =>
  repeatKey({
    seq: '1',
    id: '1',
    at: '2026-03-01T10:30:00.000Z',
    told: sentence,
    failure: null,
    usedUp: [],
    around: false,
    reported: null,
    outcome: 'ok',
    ...more,
  })

test('neither the time nor the choice among a person’s kubeconfigs makes rows differ', () => {
  const sentence = [person('alice-1'), ' created ']
  expect(keyFor([...sentence, kubeconfig('1')])).toBe(
    keyFor([...sentence, kubeconfig('2')], { seq: '2', id: '2', at: '2026-03-02T10:30:00.000Z' }),
  )
})

test('rows differ by person, even with the same name, and by outcome', () => {
  expect(keyFor([person('alice-1'), ' signed in'])).not.toBe(keyFor([person('alice-2'), ' signed in']))
  expect(keyFor(['it'], { outcome: 'failed' })).not.toBe(keyFor(['it']))
})
