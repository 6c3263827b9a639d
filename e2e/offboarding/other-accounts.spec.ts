import { randomUUID } from 'node:crypto'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

test('an admin sees a person’s possible other accounts, and includes the right one', async ({ as, stack, sql }) => {
  const admin = await as('carol')
  const problems: string[] = []
  const issuer = new URL(stack.idpUrl).origin
  const subject = randomUUID()
  const email = `${subject}@company.test`
  const suffix = subject.slice(0, 6)
  const account = async (name: string, values: { issuer: string; subject: string }) => {
    const handle = `${name}-${suffix}`
    await sql(
      `INSERT INTO user_account (id, issuer, subject, handle, name, email, last_sign_in_at, groups_verified_at)
       VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, now(), now())`,
      [values.issuer, values.subject, handle, `Quinn ${name}`, email],
    )
    return handle
  }
  const main = await account('quinn', { issuer, subject })
  const spelled = await account('spelled', { issuer: `${issuer}/`, subject })
  const theirs = await account('theirs', { issuer: 'https://partner.test', subject: randomUUID() })
  const namesake = await account('namesake', { issuer: 'https://else.test', subject: randomUUID() })

  await admin.goto(`${stack.webUrl}/admin/people/${main}`)
  const others = admin.getByRole('table', { name: 'Possible other accounts' })
  await expect(others.getByRole('rowheader')).toHaveCount(3)
  problems.push(...(await lookBeforeRelease(admin, 'person-other-accounts')))

  await admin.getByRole('button', { name: 'Offboard', exact: true }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'Offboard Quinn quinn' })).toBeVisible()
  const boxes = admin
    .getByRole('group', { name: 'Same email address at another identity provider' })
    .getByRole('checkbox')
  await expect(boxes).toHaveCount(2)
  for (const box of await boxes.all()) await expect(box).not.toBeChecked()
  await expect(admin.getByText('2 accounts will be closed')).toBeVisible()
  await admin.getByRole('checkbox', { name: new RegExp(theirs) }).press('Space')
  await expect(admin.getByText('3 accounts will be closed')).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'offboard-other-accounts')))

  await admin.getByRole('textbox', { name: 'Reason' }).fill('Left the company')
  await admin.getByLabel(`Type ${main} to confirm`).fill(main)
  await admin.getByRole('button', { name: 'Offboard', exact: true }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'Quinn quinn', exact: true })).toBeVisible()
  const notice = admin.getByText('Offboarded together with:')
  await expect(notice).toContainText(spelled)
  await expect(notice).toContainText(theirs)
  problems.push(...(await lookBeforeRelease(admin, 'offboarded-other-accounts')))
  await admin.goto(`${stack.webUrl}/admin/people/${namesake}`)
  await expect(admin.getByText('Offboarded', { exact: true })).toHaveCount(0)
  expect(problems).toEqual([])
})
