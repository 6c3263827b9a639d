import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { launcher } from '#dev/project-root.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { waitForScripts } from '#e2e/fixtures/wait-for-scripts.ts'

test('a break-glass code works once, and every admin sees the alarm until it is acknowledged', async ({
  as,
  nobody,
  stack,
}) => {
  test.setTimeout(180_000)
  const problems: string[] = []
  const carol = await as('carol')
  const env = { ...process.env, DATABASE_URL: stack.ownerDatabaseUrl, OIDC_ISSUER: stack.idpUrl }
  const { stdout: code } = await promisify(execFile)(launcher, ['break-glass', 'create'], { env })
  const field = nobody.getByRole('textbox', { name: 'Code' })
  const enter = nobody.getByRole('button', { name: 'Sign in with this code' })
  await nobody.goto(`${stack.webUrl}/sign-in/break-glass`)
  await field.fill('0000-1111-2222')
  await enter.click()
  await expect(nobody.getByText('That code doesn’t work.')).toBeVisible()
  // This page was reloaded, and only its scripts prevent a second submit.
  await waitForScripts(nobody)
  await field.fill(code.trim().toLowerCase())
  // Each code works once: a second click while the response is slow must not waste the code.
  let sent = 0
  const answer = Promise.withResolvers<void>()
  await nobody.route('**/api/auth/break-glass', async (route) => {
    sent++
    await answer.promise
    await route.continue()
  })
  await nobody.keyboard.press('Enter')
  await expect.poll(() => sent).toBe(1)
  await nobody.keyboard.press('Enter')
  answer.resolve()
  await expect(nobody.getByText(/You are using the break-glass account: platform admin for/)).toBeVisible()
  expect(sent).toBe(1)
  await nobody.goto(`${stack.webUrl}/admin/people`)
  await expect(nobody.getByRole('heading', { level: 1, name: 'People' })).toBeVisible()
  const alarmOf = (page: typeof nobody) => page.getByRole('region', { name: 'Alarm' })
  await expect(alarmOf(nobody)).toContainText('You signed in with the break-glass account')
  await expect(alarmOf(nobody).getByRole('button')).toHaveCount(0)
  problems.push(...(await lookBeforeRelease(nobody, 'break-glass-in', corners)))

  await carol.goto(stack.webUrl)
  await expect(alarmOf(carol)).toContainText('Someone signed in with the break-glass account')
  problems.push(...(await lookBeforeRelease(carol, 'break-glass-alarm', corners)))
  await alarmOf(carol).getByRole('link', { name: 'See what they did' }).click()
  await expect(carol.getByRole('heading', { level: 1, name: 'Break-glass account' })).toBeVisible()
  await carol.getByRole('button', { name: 'End admin role' }).click()
  await carol.getByRole('textbox', { name: 'Reason' }).fill('The provider is back')
  await carol.getByRole('dialog').getByRole('button', { name: 'End admin role' }).click()
  await expect(carol.getByText('Their platform admin role has ended.')).toBeVisible()
  await nobody.reload()
  await expect(
    nobody.getByRole('heading', { name: 'Only auditors and platform admins can see this page' }),
  ).toBeVisible()

  await alarmOf(carol).getByRole('button', { name: 'Acknowledge' }).click()
  await carol.getByRole('textbox', { name: 'Reason' }).fill('I opened the envelope')
  await carol.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
  await expect(alarmOf(carol)).toHaveCount(0)
  expect(problems).toEqual([])
})
