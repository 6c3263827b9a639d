import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '#dev/idp/start-server.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { look } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { fillProviderForm } from '#e2e/models/sign-in.ts'

test('with two providers there is a button for each, and one that is away keeps nobody from the other', async ({
  browser,
  webWith,
}) => {
  test.setTimeout(120_000)
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-partner-'))
  const { idp: port } = await freePorts('idp')
  const issuer = `http://localhost:${port}`
  const client = { id: 'spaceport-at-partner', secret: 'a secret of the partner’s client'.replaceAll(/\W/g, '-') }
  const file = join(dir, 'providers.json')
  const entry = { id: 'partner', name: 'Partner Ltd', issuer, clientId: client.id, clientSecret: client.secret }
  writeFileSync(file, JSON.stringify([entry]))
  // It is ready although that provider doesn't answer yet.
  const webUrl = await webWith({ SPACEPORT_FURTHER_PROVIDERS: file, OIDC_NAME: 'Example Inc.' })
  const context = await browser.newContext()
  const page = await context.newPage()
  const partner = page.getByRole('button', { name: 'Sign in with Partner Ltd' })
  try {
    await page.goto(`${webUrl}/profile`)
    await expect(page.getByRole('button', { name: /^Sign in/ })).toHaveText([
      'Sign in with Example Inc.',
      'Sign in with Partner Ltd',
    ])
    expect(await look(page, 'sign-in-several')).toEqual([])
    await partner.click()
    await expect(page.getByText('You are not signed in')).toBeVisible()
    const idp = await startServer({
      ...{ dir, port, issuer },
      client: { ...client, origin: webUrl, providerId: 'partner' },
      log: () => {},
    })
    try {
      await partner.click()
      await page.waitForURL(`${issuer}/**`)
      await fillProviderForm(page, { username: 'alice', password: 'alice' })
      await expect(page).toHaveURL(`${webUrl}/profile`)
      await expect(page.getByText(`From the identity provider ${issuer}.`)).toBeVisible()
    } finally {
      await idp.stop()
    }
  } finally {
    await context.close()
    rmSync(dir, { recursive: true })
  }
})
