import type { Page } from '@playwright/test'

/** The page of the policy. */
export function policyPage(page: Page, webUrl: string) {
  return {
    open: () => page.goto(`${webUrl}/admin/policy`),
    limit: page.getByLabel('Spaces per person'),
    roleDeciders: page.getByRole('combobox', { name: 'Who decides on roles' }),
    roleGroup: page.getByRole('textbox', { name: 'Group that decides on roles' }),
    roleApprovals: page.getByRole('textbox', { name: 'Approvals needed for a role' }),
    reason: page.getByRole('textbox', { name: 'Reason' }),
    trialButton: page.getByRole('button', { name: 'Try on the last 30 days' }),
    saveButton: page.getByRole('button', { name: 'Save policy' }),
    trial: page.getByRole('region', { name: /these rules would have/ }),
    history: page.getByRole('list', { name: 'Versions' }).getByRole('listitem'),
    alert: page.getByRole('main').getByRole('alert'),
  }
}
