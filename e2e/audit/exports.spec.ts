import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from '#e2e/fixtures/test.ts'

test('an auditor exports filtered entries in the background, then downloads and removes the file', async ({
  as,
  stack,
  dir,
}) => {
  const page = await as('nora')
  await page.goto(`${stack.webUrl}/audit?action=session.sign-in`)
  await page.getByRole('link', { name: 'New export' }).click()
  await expect(page.getByRole('heading', { name: 'Exports & integrity', level: 1 })).toBeVisible()
  await expect(page.getByText('Action “Signed in”')).toBeVisible()
  const delivery = page.getByRole('region', { name: 'Delivery' })
  const [card, text] = await Promise.all([
    delivery.boundingBox(),
    delivery.getByText('The trail isn’t streamed anywhere.').boundingBox(),
  ])
  expect((text?.x ?? 0) - (card?.x ?? 0), 'the text keeps its distance from the border').toBeGreaterThanOrEqual(16)
  await page.getByRole('radio', { name: /CSV/ }).check()
  await page.getByRole('button', { name: 'Start export' }).click()
  const entry = page.getByRole('list', { name: 'Your exports' }).getByRole('listitem')
  await expect(entry).toHaveCount(1)
  // The page updates its progress.
  const download = entry.getByRole('link', { name: 'Download' })
  await expect(download).toBeVisible({ timeout: 60_000 })
  await expect(entry).toContainText('Done')
  const saving = page.waitForEvent('download')
  await download.click()
  const saved = await saving
  expect(saved.suggestedFilename()).toMatch(/^spaceport-audit-[-\d]+\.csv\.gz$/)
  const file = join(dir, 'export.csv.gz')
  await saved.saveAs(file)
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\r\n')
  expect(lines.length).toBeGreaterThan(1)
  for (const line of lines.slice(1)) expect(line).toContain('session.sign-in')

  await page.getByRole('radio', { name: /CloudEvents/ }).check()
  await page.getByRole('button', { name: 'Start export' }).click()
  await expect(entry).toHaveCount(2)
  for (let left = 1; left >= 0; left--) {
    await entry.first().getByRole('button').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /^(Remove|Stop)$/ }).click()
    await expect(entry).toHaveCount(left)
  }
  await expect(page.getByRole('heading', { name: 'No exports yet' })).toBeVisible()
})

test('exports are for auditors and admins; others see why they have no access', async ({ as, stack }) => {
  const page = await as('olga')
  await page.goto(`${stack.webUrl}/audit/exports`)
  await expect(
    page.getByRole('heading', { name: 'Only auditors and platform admins can export the audit trail' }),
  ).toBeVisible()
})
