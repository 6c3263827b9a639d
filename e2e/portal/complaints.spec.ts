import { watchComplaints } from '#e2e/fixtures/complaints.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

test('a script’s error fails a test, and Next’s not-found marker doesn’t', async ({ browser, stack }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const complaints: string[] = []
  await watchComplaints(page, complaints)
  await page.goto(`${stack.webUrl}/signin`)
  await page.evaluate(() => {
    reportError(Object.assign(new Error('gone'), { digest: 'NEXT_HTTP_ERROR_FALLBACK;404' }))
    reportError(Object.assign(new Error('broken'), { digest: '1965589523' }))
    reportError(new Error('wrong'))
  })
  await expect.poll(() => complaints.map((complaint) => complaint.replace(/^.*: /, ''))).toEqual(['broken', 'wrong'])
  await context.close()
})
