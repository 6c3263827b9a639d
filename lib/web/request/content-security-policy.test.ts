import { expect, test } from 'vitest'
import { contentSecurityPolicy } from './content-security-policy.ts'

const policy = (changed: object = {}) =>
  Object.fromEntries(
    contentSecurityPolicy({
      nonce: 'n0nce',
      https: true,
      development: false,
      ...changed,
    })
      .split('; ')
      .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]),
  )

test('no inline or foreign script runs, and other sites can’t frame the portal', () => {
  const directives = policy()
  expect(directives['script-src']).toBe(`'self' 'nonce-n0nce' 'strict-dynamic'`)
  expect(directives['style-src']).toBe(`'self' 'nonce-n0nce'`)
  expect(directives['default-src']).toBe(`'none'`)
  for (const name of ['frame-ancestors', 'base-uri', 'object-src']) expect(directives[name]).toBe(`'none'`)
  expect(Object.values(directives).join(' ')).not.toMatch(/unsafe|\*|http:/)
})

test('forms submit only to the portal', () => {
  expect(policy()['form-action']).toBe(`'self'`)
})

test('only the development server allows eval', () => {
  expect(policy({ development: true })['script-src']).toContain(`'unsafe-eval'`)
})
