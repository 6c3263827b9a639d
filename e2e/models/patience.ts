/** Models are also used where Playwright’s configuration doesn’t apply (prisma/upgrade.itest.ts), whose default is five seconds. */
export const patience = { timeout: 15_000 }
