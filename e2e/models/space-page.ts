import { expect, type Page } from '@playwright/test'
import { patience } from './patience.ts'

/** The pages of one space. */
export function spacePage(page: Page, webUrl: string, name: string) {
  return {
    heading: page.getByRole('heading', { level: 1, name, exact: true }),
    status: page.getByRole('main').getByRole('status').first(),
    gone: page.getByRole('heading', { name: `${name} has been deleted` }),
    unknown: page.getByRole('heading', { name: 'Space not found' }),

    open: async (view = '') => {
      await page.goto(`${webUrl}/spaces/${name}${view && `/${view}`}`)
    },

    async waitUntilReady() {
      await expect(this.heading).toBeVisible(patience)
      await expect(this.status).toHaveText('Ready', { timeout: 30_000 })
    },

    /** Saves a fresh kubeconfig as `file`. */
    async downloadKubeconfig(file: string) {
      await this.open('connect')
      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download kubeconfig' }).click(),
      ])
      await saved.saveAs(file)
      return { suggestedName: saved.suggestedFilename() }
    },

    /** Ends on the overview, which follows the deletion. */
    async remove() {
      await this.open('settings')
      await page.getByRole('button', { name: 'Delete space' }).click()
      await page.getByRole('textbox', { name: `Type ${name} to confirm` }).fill(name)
      await page.getByRole('button', { name: 'Delete', exact: true }).click()
      await page.waitForURL(`**/spaces/${name}`)
    },
  }
}
