import { expect, test } from 'vitest'
import { providerInFull, providerInWords } from './provider.ts'

const main = { id: 'oidc', name: 'Example Inc.', issuer: 'https://login.example.com' }
const partner = { id: 'partner', name: 'Partner Ltd', issuer: 'https://login.partner.example' }

test('with one provider, only pages about a person show the issuer', () => {
  expect(providerInWords([main], main.issuer)).toBeNull()
  expect(providerInFull([main], main.issuer)).toBe(main.issuer)
})

test('with several providers, people see its name, with or without a trailing slash in the issuer', () => {
  expect(providerInWords([main, partner], `${partner.issuer}/`)).toBe('Partner Ltd')
  expect(providerInFull([main, partner], partner.issuer)).toBe('Partner Ltd (https://login.partner.example)')
})

test('a provider removed from the file is shown by its issuer, once', () => {
  expect(providerInWords([main, partner], 'https://gone.example')).toBe('https://gone.example')
  expect(providerInFull([main, partner], 'https://gone.example')).toBe('https://gone.example')
})
