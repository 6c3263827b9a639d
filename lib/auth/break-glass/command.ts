import { hostname } from 'node:os'
import { readBreakGlassConfig } from '#lib/config/config.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { createBreakGlassCode, readBreakGlassState, voidCodes } from './create-code.ts'

const usage = `Usage: bin/spaceport break-glass create | void | status

  seal    makes a break-glass code and prints it once; codes that were not used stop working
  void    takes back codes that were not used
  status  says whether a code waits to be used`

/** The operator’s command for the break-glass account. It needs the database and nothing else, and acts as its owner. */
async function run(): Promise<void> {
  const [verb, ...more] = process.argv.slice(2)
  if (more.length > 0 || (verb !== 'seal' && verb !== 'void' && verb !== 'status')) throw new Error(usage)
  const { DATABASE_URL, OIDC_ISSUER } = readBreakGlassConfig()
  const db = createOwnerDb(DATABASE_URL)
  const services = { db, issuer: bareIssuer(OIDC_ISSUER), hostname: hostname(), at: new Date() }
  try {
    if (verb === 'seal') {
      console.log(await createBreakGlassCode(services))
      console.error(
        'This code is shown once. Print it, seal it in an envelope, and clear the screen. It signs in at /sign-in/break-glass, once.',
      )
    } else if (verb === 'void') {
      const count = await voidCodes(services)
      console.log(count === 0 ? 'There was no code to take back.' : 'The code no longer works.')
    } else {
      const since = await readBreakGlassState(services)
      console.log(since ? `A code waits to be used, made at ${since.toISOString()}.` : 'There is no code.')
    }
  } finally {
    await db.$disconnect()
  }
}

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
