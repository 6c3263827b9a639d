/**
 * Where Playwright’s configuration doesn’t apply (prisma/upgrade.release.itest.ts), `expect` would give up after five
 * seconds.
 */
export const patience = { timeout: 15_000 }
