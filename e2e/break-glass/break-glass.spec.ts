import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { launcher } from '#dev/project-root.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { waitForScripts } from '#e2e/fixtures/wait-for-scripts.ts'

const notForYou = { name: 'Only auditors and platform admins can see this page' }

test('a platform admin activates the role with a reason, and loses it when it expires or another admin ends it', async ({
  as,
  stack,
  sql,
  webWith,
}) => {
  test.setTimeout(180_000)
  const problems: string[] = []
  const webUrl = await webWith({ SPACEPORT_ADMIN_MINUTES: '60' })
  const [greta, carol] = [await as('greta'), await as('carol')]
  const cutOff = greta.getByRole('heading', notForYou)
  await greta.goto(`${webUrl}/admin/policy?version=1`)
  await expect(cutOff).toBeVisible()
  problems.push(...(await lookBeforeRelease(greta, 'admin-role-standby', corners)))
  await greta.getByRole('link', { name: 'Activate admin role' }).click()
  await expect(greta.getByRole('heading', { level: 1, name: 'Activate admin role' })).toBeVisible()
  await greta.getByLabel('Duration', { exact: true }).selectOption('30 minutes')
  await greta.getByRole('button', { name: 'Activate' }).click()
  await expect(greta.getByText('Fill this in.')).toBeVisible()
  problems.push(...(await lookBeforeRelease(greta, 'admin-role-form', corners)))
  await greta.getByRole('textbox', { name: 'Reason' }).fill('A cluster is failing')
  await greta.getByRole('button', { name: 'Activate' }).click()
  await expect(greta).toHaveURL(`${webUrl}/admin/policy?version=1`)
  const bar = greta.getByText('You are a platform admin for')
  await expect(bar).toContainText(/29 min/)
  await expect(greta.getByRole('heading', { level: 1, name: 'Policy' })).toBeVisible()
  problems.push(...(await lookBeforeRelease(greta, 'admin-role-active', corners)))

  // The other admins were notified, with the reason.
  await carol.goto(`${stack.webUrl}/inbox`)
  await expect(carol.getByText(/Greta Example .* activated the platform admin role/).first()).toBeVisible()
  await expect(carol.getByText('A cluster is failing').first()).toBeVisible()

  await greta.getByRole('button', { name: 'End now' }).click()
  await expect(cutOff).toBeVisible()
  await expect(bar).toHaveCount(0)

  // An open page loses the role when it expires, and when another admin ends it.
  const setEnd = (seconds: number) =>
    sql(`UPDATE user_account SET admin_until = now() + $1 * interval '1 second' WHERE name = 'Greta Example'`, [
      seconds,
    ])
  await setEnd(25)
  await greta.reload()
  await expect(bar).toBeVisible()
  await expect(cutOff).toBeVisible({ timeout: 90_000 })
  await setEnd(600)
  await greta.reload()
  await expect(bar).toBeVisible()
  const [{ handle } = {}] = await sql(`SELECT handle FROM user_account WHERE name = 'Greta Example'`)
  // Without activation, there is no role to end.
  await carol.goto(`${stack.webUrl}/admin/people/${handle}`)
  await expect(carol.getByRole('button', { name: 'End admin role' })).toHaveCount(0)
  await sql(`UPDATE user_account SET admin_until = now() + interval '10 minutes' WHERE name = 'Carol Example'`)
  await carol.goto(`${webUrl}/admin/people/${handle}`)
  await carol.getByRole('button', { name: 'End admin role' }).click()
  await carol.getByRole('textbox', { name: 'Reason' }).fill('Not needed any more')
  await carol.getByRole('dialog').getByRole('button', { name: 'End admin role' }).click()
  await expect(carol.getByText('Their platform admin role has ended.')).toBeVisible()
  await greta.reload()
  await expect(cutOff).toBeVisible()
  await greta.goto(`${webUrl}/inbox`)
  await expect(greta.getByText('Not needed any more')).toBeVisible()
  await sql(`UPDATE user_account SET admin_until = NULL WHERE name = 'Carol Example'`)
  expect(problems).toEqual([])
})

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
  const alarmOf = (page: typeof nobody) => page.getByRole('complementary', { name: 'Alarm' })
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
  await expect(nobody.getByRole('heading', notForYou)).toBeVisible()

  await alarmOf(carol).getByRole('button', { name: 'Acknowledge' }).click()
  await carol.getByRole('textbox', { name: 'Reason' }).fill('I opened the envelope')
  await carol.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
  await expect(alarmOf(carol)).toHaveCount(0)
  expect(problems).toEqual([])
})
