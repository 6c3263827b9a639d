import { expect, test } from 'vitest'
import { rollBackInput } from './roll-back-workload.ts'

const space = { name: 'shop' }
const digest = 'a'.repeat(64)
const valid = { space, of: 'Deployment/web', revision: 'web-5d9c7b', from: digest, to: digest }

test('a roll back names a revision of a kind that has some, and nothing that leads to another path', () => {
  expect(rollBackInput.safeParse(valid).error).toBeUndefined()
  for (const forged of [
    { of: 'Job/web' },
    { of: 'Secret/web' },
    { of: 'Deployment/../../secrets/db' },
    { revision: '../../secrets/db' },
    { revision: '..' },
    { revision: 'web/scale' },
    { revision: 'web%2f..' },
    { revision: 'web?dryRun=All' },
    { revision: '' },
    { revision: 'a'.repeat(254) },
    { from: '' },
    { to: 'A'.repeat(64) },
    { namespace: 'kube-system' },
  ])
    expect(rollBackInput.safeParse({ ...valid, ...forged }).success, JSON.stringify(forged)).toBe(false)
})
