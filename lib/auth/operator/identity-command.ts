import { hostname } from 'node:os'
import { readBreakGlassConfig } from '#lib/config/config.ts'
import { isSubjectClaim } from '#lib/config/is-subject-claim.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { claimByOperator, joinByOperator, releaseByOperator } from './operator-identity.ts'

const usage = `Usage: bin/spaceport identity join KEEP RETIRE | release HANDLE | provisioned CLAIM

  join         joins two accounts of one person, given by their handles. Provisioning manages KEEP from now on, and no one can sign
               in to RETIRE again. RETIRE must hold nothing
  release      lets the person’s next sign-in store a new value of the claim OIDC_SUBJECT_CLAIM
  provisioned  treats the provisioned ids of people who have never signed in as values of CLAIM, such as oid`

const wanted = new Map([
  ['join', 2],
  ['release', 1],
  ['provisioned', 1],
])

/** The operator’s command for accounts. It needs only the database, as the owner of its tables. */
async function run([verb, ...given]: readonly string[]): Promise<void> {
  if (verb === undefined || wanted.get(verb) !== given.length) throw new Error(usage)
  const [first = '', second = ''] = given
  if (verb === 'provisioned' && !isSubjectClaim(first))
    throw new Error(`${first} is not a claim that can identify people.\n\n${usage}`)
  const { DATABASE_URL, OIDC_ISSUER } = readBreakGlassConfig()
  const db = createOwnerDb(DATABASE_URL)
  const services = { db, issuer: bareIssuer(OIDC_ISSUER), hostname: hostname(), at: new Date() }
  try {
    if (verb === 'join') {
      await joinByOperator(services, first, second)
      console.log(`${first} is now this person’s account. ${second} is deactivated.`)
    } else if (verb === 'release') {
      await releaseByOperator(services, first)
      console.log(`The next sign-in of ${first} sets the claim that identifies them.`)
    } else {
      const people = await claimByOperator(services, first)
      console.log(people === 0 ? 'Nothing to change.' : `People now identified by ${first}: ${people}.`)
    }
  } finally {
    await db.$disconnect()
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
