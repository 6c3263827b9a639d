import { expect, test } from 'vitest'
import { credentialLabel } from './credential-label.ts'

test('a kubeconfig is identified by its name, its spaces and the start of its token', () => {
  const space = { name: 'web-dev' }
  expect(credentialLabel({ name: 'laptop', tokenStart: 'Ab12Cd', space })).toBe('“laptop” for web-dev, spt_Ab12Cd')
  expect(credentialLabel({ name: null, tokenStart: 'Ab12Cd', space: null })).toBe('for all your spaces, spt_Ab12Cd')
  expect(credentialLabel({ name: null, tokenStart: null, space: null }, 'all spaces')).toBe('for all spaces')
})
