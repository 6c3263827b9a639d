import { hostname } from 'node:os'
import { readBreakGlassConfig } from '#lib/config/config.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { createBreakGlassCode, readBreakGlassState, voidCodes } from './create-code.ts'

const usage = `Usage: bin/spaceport break-glass create | void | status

    create  creates a break-glass code and prints it once; an unused older code stops working
  void    revokes the unused code
  status  shows whether there is an unused code`

/** The operator’s command for break-glass codes. It needs only the database, as the owner of its tables. */
async function run(): Promise<void> {
  const [verb, ...more] = process.argv.slice(2)
  if (more.length > 0 || (verb !== 'create' && verb !== 'void' && verb !== 'status')) throw new Error(usage)
  const { DATABASE_URL, OIDC_ISSUER } = readBreakGlassConfig()
  const db = createOwnerDb(DATABASE_URL)
  const services = { db, issuer: bareIssuer(OIDC_ISSUER), hostname: hostname(), at: new Date() }
  try {
    if (verb === 'create') {
      console.log(await createBreakGlassCode(services))
      console.error(
        'This code is shown once. Print it, seal it in an envelope, and clear the screen. It works once, at /sign-in/break-glass.',
      )
    } else if (verb === 'void') {
      const count = await voidCodes(services)
      console.log(count === 0 ? 'There was no unused code.' : 'The code no longer works.')
    } else {
      const since = await readBreakGlassState(services)
      console.log(since ? `There is an unused code, created at ${since.toISOString()}.` : 'There is no unused code.')
    }
  } finally {
    await db.$disconnect()
  }
}

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
