import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

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
  const cutOff = greta.getByRole('heading', { name: 'Only auditors and platform admins can see this page' })
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
