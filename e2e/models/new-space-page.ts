import type { Page } from '@playwright/test'

export type NewSpace = { name: string; description?: string; size?: 'S' | 'M' | 'L'; reason?: string }

/** The form of a new space. */
export function newSpacePage(page: Page) {
  return {
    name: page.getByRole('textbox', { name: 'Name', exact: true }),
    description: page.getByRole('textbox', { name: 'Description' }),
    reason: page.getByRole('textbox', { name: 'Reason' }),
    createButton: page.getByRole('button', { name: 'Create space' }),
    requestButton: page.getByRole('button', { name: 'Request approval' }),

    /** By the link on the list of spaces, as a person would. */
    open: async (webUrl: string) => {
      await page.goto(webUrl)
      await page.getByRole('link', { name: 'New space' }).first().click()
      await page.waitForURL('**/spaces/new')
    },

    async fill({ name, description, size, reason }: NewSpace) {
      await this.name.fill(name)
      if (description !== undefined) await this.description.fill(description)
      if (size !== undefined) await page.getByRole('radio', { name: new RegExp(`^${size}\\b`) }).check()
      if (reason !== undefined) await this.reason.fill(reason)
    },

    /** Creates a space that policy allows without a request; ends on its page. */
    async create(webUrl: string, space: NewSpace) {
      await this.open(webUrl)
      await this.fill(space)
      await this.createButton.click()
      await page.waitForURL(`**/spaces/${space.name}`)
    },
  }
}
