import { expect, test } from 'vitest'
import { providerInFull, providerInWords } from './provider.ts'

const main = { id: 'oidc', name: 'Example Inc.', issuer: 'https://login.example.com' }
const partner = { id: 'partner', name: 'Partner Ltd', issuer: 'https://login.partner.example' }

test('with one provider nobody is told where somebody comes from, but for its issuer on pages about them', () => {
  expect(providerInWords([main], main.issuer)).toBeNull()
  expect(providerInFull([main], main.issuer)).toBe(main.issuer)
})

test('with several, people are told its name, however its issuer ends', () => {
  expect(providerInWords([main, partner], `${partner.issuer}/`)).toBe('Partner Ltd')
  expect(providerInFull([main, partner], partner.issuer)).toBe('Partner Ltd (https://login.partner.example)')
})

test('one that was taken out of the file is named by its issuer, once', () => {
  expect(providerInWords([main, partner], 'https://gone.example')).toBe('https://gone.example')
  expect(providerInFull([main, partner], 'https://gone.example')).toBe('https://gone.example')
})
