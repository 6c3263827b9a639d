import { expect, type Page } from '@playwright/test'
import { waitForScripts } from '#e2e/fixtures/wait-for-scripts.ts'
import { patience } from './patience.ts'

export type Login = { username: string; password: string }

/**
 * Signs in through the identity provider's own form, from any page that shows our sign-in page. Ends on a page of the portal.
 */
export async function signIn(page: Page, webUrl: string, { username, password }: Login): Promise<void> {
  await page.goto(webUrl)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await fillProviderForm(page, { username, password })
  await page.waitForURL((url) => url.origin === new URL(webUrl).origin && url.pathname !== '/sign-in')
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible(patience)
  await waitForScripts(page)
}

/** Also fits the forms of Keycloak and similar providers. */
export async function fillProviderForm(page: Page, { username, password }: Login): Promise<void> {
  await page.getByRole('textbox', { name: /user ?name|e-?mail/i }).fill(username)
  await page.getByLabel(/^password/i).fill(password)
  await page.getByRole('button', { name: /^(sign in|log ?in|continue)$/i }).click()
}

/** Signs out by the menu with the person's name. */
export async function signOut(page: Page, personName: string | RegExp): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: personName }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
}
