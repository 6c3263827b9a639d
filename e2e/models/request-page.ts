import { expect, type Page } from '@playwright/test'
import type { Role } from '#lib/kernel/model/access/role.ts'

/** Requests: asking for a role, and deciding. */
export function requestPage(page: Page, webUrl: string) {
  const open = () => page.goto(`${webUrl}/requests`)
  const openInbox = () => page.goto(`${webUrl}/inbox`)
  const waiting = page.getByRole('table', { name: 'Requests waiting for your decision' })
  /** A request's page has loaded once its heading shows: its address changes first. */
  const arrive = async () => {
    await page.waitForURL(/\/requests\/[0-9a-f-]{36}/)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
  return {
    open,
    openInbox,
    /** In the inbox. */
    waiting,
    mine: page.getByRole('table', { name: 'Your requests' }),

    /** Sends a request with the form on /requests; ends on the request's page. @returns its URL */
    askForRole: async (ask: { space: string; role: Role; lasts: string; reason: string }) => {
      await open()
      await page.getByRole('button', { name: 'Request access' }).click()
      await page.waitForURL('**/requests/new**')
      await page.getByRole('textbox', { name: 'Space' }).fill(ask.space)
      await page.getByRole('combobox', { name: 'Role' }).selectOption(ask.role)
      await page.getByRole('combobox', { name: 'For how long' }).selectOption(ask.lasts)
      await page.getByRole('textbox', { name: 'Reason' }).fill(ask.reason)
      await page.getByRole('button', { name: 'Request access' }).click()
      await arrive()
      return page.url()
    },

    /** Opens the waiting request with this sentence, from the inbox. */
    openWaiting: async (sentence: string | RegExp) => {
      await openInbox()
      await waiting.getByRole('link', { name: sentence }).click()
      await arrive()
    },

    approve: async () => {
      await page.getByRole('button', { name: 'Approve' }).click()
      await expect(page.getByText('Approved', { exact: true }).first()).toBeVisible()
    },

    deny: async (reason: string) => {
      await page.getByRole('textbox', { name: 'Reason' }).fill(reason)
      await page.getByRole('button', { name: 'Deny' }).click()
      await expect(page.getByText('Denied', { exact: true }).first()).toBeVisible()
    },
  }
}
