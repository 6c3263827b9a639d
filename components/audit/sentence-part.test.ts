import { expect, test } from 'vitest'
import { type SentencePart, sayingOf } from './sentence-part.ts'

const person = (handle: string): SentencePart => ({ is: 'person', name: 'Alice', handle })
const kubeconfig = (id: string): SentencePart => ({ is: 'credential', text: 'a kubeconfig', id })

test('namesakes say different things, kubeconfigs of one person the same', () => {
  expect(sayingOf([person('alice-1'), ' created ', kubeconfig('1')])).toBe(
    sayingOf([person('alice-1'), ' created ', kubeconfig('2')]),
  )
  expect(sayingOf([person('alice-1'), ' signed in'])).not.toBe(sayingOf([person('alice-2'), ' signed in']))
})
