import { expect, type Page } from '@playwright/test'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { fillDate } from './date-field.ts'
import { patience } from './patience.ts'

/** Without a last day: added without an end, or changed without changing it. */
type Grant = { who: string; role: Role; lastDay?: string }

/** The members of a space. */
export function accessPage(page: Page, webUrl: string, space: string) {
  const dialog = page.getByRole('dialog')
  const closed = () => expect(dialog).toHaveCount(0, patience)
  return {
    open: () => page.goto(`${webUrl}/spaces/${space}/access`),
    members: page.getByRole('table', { name: 'Members' }),
    /** The parts of the dialog that adds members. */
    who: dialog.getByRole('combobox', { name: 'Person or group' }),
    suggested: dialog.getByRole('listbox', { name: 'Person or group' }).getByRole('option'),
    chosen: dialog.getByRole('list', { name: 'Person or group: chosen' }).getByRole('listitem'),
    startAdding: () => page.getByRole('button', { name: 'Add member' }).click(),

    add: async ({ who, role, lastDay = '' }: Grant) => {
      await page.getByRole('button', { name: 'Add member' }).click()
      await dialog.getByRole('combobox', { name: 'Person or group' }).fill(who)
      await dialog.getByRole('combobox', { name: 'Role' }).selectOption(role)
      await fillDate(dialog.getByLabel('Ends'), lastDay)
      await dialog.getByRole('button', { name: 'Add', exact: true }).click()
      await closed()
    },

    /** Like `add`, but chooses among the suggestions for a few letters. */
    addSuggested: async ({ who, role, lastDay = '' }: Grant, option: string | RegExp) => {
      await page.getByRole('button', { name: 'Add member' }).click()
      await dialog.getByRole('combobox', { name: 'Person or group' }).pressSequentially(who)
      await dialog.getByRole('option', { name: option }).click()
      await dialog.getByRole('combobox', { name: 'Role' }).selectOption(role)
      await fillDate(dialog.getByLabel('Ends'), lastDay)
      await dialog.getByRole('button', { name: 'Add', exact: true }).click()
      await closed()
    },

    /** @param who the member's name in the list */
    change: async ({ who, role, lastDay }: Grant) => {
      await page.getByRole('button', { name: `Change ${who}` }).click()
      await dialog.getByRole('combobox', { name: 'Role' }).selectOption(role)
      if (lastDay !== undefined) await fillDate(dialog.getByLabel('Ends'), lastDay)
      await dialog.getByRole('button', { name: 'Save' }).click()
      await closed()
    },

    remove: async (who: string) => {
      await page.getByRole('button', { name: `Remove ${who}` }).click()
      await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
      await closed()
    },

    /** Offers the space to a person, who becomes its owner by accepting (`acceptOffer`). */
    handOver: async (to: string) => {
      await page.getByRole('button', { name: 'Hand over' }).click()
      await dialog.getByRole('combobox', { name: 'New owner' }).fill(to)
      await expect(dialog.getByRole('paragraph').filter({ hasText: to }), 'who is meant').toBeVisible()
      await dialog.getByRole('button', { name: 'Offer', exact: true }).click()
      await closed()
    },

    leave: async () => {
      await page.getByRole('button', { name: 'Leave space' }).click()
      await dialog.getByRole('button', { name: 'Leave', exact: true }).click()
    },
  }
}
