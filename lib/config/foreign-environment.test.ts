import { expect, test } from 'vitest'
import { variables } from './environment.ts'
import { foreignEnvironment } from './foreign-environment.ts'

test('other programs get the environment without Spaceport’s variables', () => {
  const surroundings = { NODE_ENV: 'test', PATH: '/bin', HOME: '/root', AWS_REGION: 'eu-north-1' } as const
  const ours = Object.fromEntries([...Object.keys(variables), 'PGPASSWORD'].map((name) => [name, 'secret']))
  expect(Object.keys(ours)).toContain('NEXTAUTH_SECRET')
  expect(foreignEnvironment({ ...surroundings, ...ours })).toEqual(surroundings)
})
