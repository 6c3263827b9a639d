import type { Page } from '@playwright/test'

/** The list of spaces. */
export const table = (page: Page) => page.getByRole('table', { name: 'Spaces' })
/** The names in it. */
export const rows = (page: Page) => table(page).getByRole('rowheader')
export const column = (page: Page, name: string) => table(page).getByRole('columnheader', { name })

/** @returns the address without its origin */
export const pathOf = (page: Page) => page.url().slice(new URL(page.url()).origin.length)

/** Blocks the page’s change stream, so that other tests don’t make it render again. */
export const keepAsItIs = (page: Page) => page.route('**/api/me/live*', () => {})
