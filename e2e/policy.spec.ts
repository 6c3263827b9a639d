import { uniqueName } from '#dev/testing/unique-name.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { policyPage } from '#e2e/models/policy-page.ts'

test('an admin lowers the limit: tried first, saved with a reason, it sends people to a request, and is restored', async ({
  as,
  stack,
}) => {
  test.setTimeout(150_000)
  const [member, admin, auditor] = [await as('pia'), await as('carol'), await as('dave')]
  const form = newSpacePage(member)
  const first = uniqueName('first')
  await form.create(stack.webUrl, { name: first })

  const policy = policyPage(admin, stack.webUrl)
  await policy.open()
  const before = await policy.limit.inputValue()
  await policy.limit.fill('many')
  await policy.trialButton.click()
  await expect(policy.limit).toHaveAccessibleDescription(/Enter a whole number/)
  await policy.limit.fill('0')
  await policy.trialButton.click()
  await expect(policy.trial).toContainText('The owner had 0 already: sent to approval')
  await expect(policy.trial.getByRole('link', { name: first })).toBeVisible()

  await policy.saveButton.click()
  await expect(policy.reason).toHaveAccessibleDescription(/Fill this in/)
  await policy.reason.fill('No new spaces while we move')
  await policy.saveButton.click()
  await expect(policy.history.first()).toContainText('No new spaces while we move')
  await expect(policy.history.first()).toContainText(`Spaces per person: ${before}`)

  const second = uniqueName('second')
  await form.open(stack.webUrl)
  await expect(member.getByText('This needs approval')).toBeVisible()
  await form.fill({ name: second, reason: 'For the move itself' })
  await form.requestButton.click()
  await member.waitForURL(/\/requests\/[0-9a-f-]{36}/)

  await member.goto(`${stack.webUrl}/admin/policy`)
  await expect(member.getByText('Only auditors and platform admins can see this page')).toBeVisible()
  const audited = policyPage(auditor, stack.webUrl)
  await audited.open()
  await expect(auditor.getByText('No new spaces while we move')).toBeVisible()
  await expect(audited.saveButton).toHaveCount(0)

  // Another admin's page is older than what was saved.
  const late = policyPage(await as('carol'), stack.webUrl)
  await late.open()
  await policy.open()
  await policy.limit.fill(before)
  await policy.reason.fill('The move is over')
  await policy.saveButton.click()
  await expect(policy.history.first()).toContainText('The move is over')
  await late.limit.fill('3')
  await late.reason.fill('Fewer for all')
  await late.saveButton.click()
  await expect(late.alert).toContainText(`Spaces per person: 0 → ${before}`)
})
