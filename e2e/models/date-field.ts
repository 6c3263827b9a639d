import { expect, type Locator } from '@playwright/test'

/**
 * Fills a date in. In a dialog the browser’s own input comes a moment after the field
 * (components/ui/form/date-field.tsx).
 */
export async function fillDate(field: Locator, day: string): Promise<void> {
  await expect(field).toHaveAttribute('type', 'date')
  await field.fill(day)
}
