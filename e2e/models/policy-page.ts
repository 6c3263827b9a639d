import type { Page } from '@playwright/test'

/** The page of the policy. */
export function policyPage(page: Page, webUrl: string) {
  return {
    open: () => page.goto(`${webUrl}/admin/policy`),
    limit: page.getByLabel('Spaces per person'),
    roleDeciders: page.getByRole('combobox', { name: 'Who decides on roles' }),
    roleGroup: page.getByRole('combobox', { name: 'Group that decides on roles' }),
    roleApprovals: page.getByRole('textbox', { name: 'Approvals needed for a role' }),
    reason: page.getByRole('textbox', { name: 'Reason' }),
    previewButton: page.getByRole('button', { name: 'Preview' }),
    saveButton: page.getByRole('button', { name: 'Save', exact: true }),
    preview: page.getByRole('region', { name: 'The last 30 days under these rules' }),
    changeCount: page.getByRole('main').locator('.save-bar').getByRole('status'),
    changes: page.getByRole('region', { name: 'Changes' }),
    history: page.getByRole('list', { name: 'Versions' }).getByRole('listitem'),
    /** The values that the form would send for the group that decides on roles. */
    sentRoleGroup: () =>
      page.getByRole('form', { name: 'Policy' }).evaluate((form) => {
        if (!(form instanceof HTMLFormElement)) throw new Error('no form')
        return new FormData(form).getAll('rules.roleRequests.deciders.group')
      }),
    alert: page.getByRole('main').getByRole('alert'),
  }
}
