import { hostname } from 'node:os'
import { readBreakGlassConfig } from '#lib/config/config.ts'
import { selectScimTokens } from '#lib/features/scim/db/scim-tokens.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'
import { createReaderPool } from '#lib/kernel/db/pool.ts'
import { isDay } from '#lib/kernel/model/calendar.ts'
import { isAppError, sentenceOf } from '#lib/kernel/model/errors.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { latestTokenEnd, type ProvisioningToken } from '#lib/kernel/model/people/provisioning-view.ts'
import { label } from '#lib/kernel/use-case/fields.ts'
import { createOperatorToken, revokeTokenByOperator } from './operator-tokens.ts'

const usage = `Usage: bin/spaceport provisioning-token create NAME DAY | list | revoke ID

  create  creates a token for provisioning by SCIM and prints it once. DAY is its last day, such as 2027-06-30, in UTC: at
          most a year from now. Platform admins are notified
  list    prints the tokens that are neither revoked nor expired, with their ids
  revoke  revokes the token with that id`

const maxListed = 20
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The operator's command for provisioning tokens. It needs only the database, and acts as its owner. */
async function run([verb, ...args]: readonly string[]): Promise<void> {
  const wanted = new Map([
    ['create', 2],
    ['list', 0],
    ['revoke', 1],
  ])
  if (verb === undefined || wanted.get(verb) !== args.length) throw new Error(usage)
  const at = new Date()
  const [first = '', day = ''] = args
  const token = verb === 'create' ? { name: nameOf(first), expiresAt: endOf(day, at) } : null
  if (verb === 'revoke' && !uuid.test(first)) throw new Error(`${first} is not the id of a token.\n\n${usage}`)
  const { DATABASE_URL, OIDC_ISSUER } = readBreakGlassConfig()
  const issuer = bareIssuer(OIDC_ISSUER)
  if (verb === 'list') return list(DATABASE_URL, issuer, at)
  const db = createOwnerDb(DATABASE_URL)
  const services = { db, issuer, hostname: hostname(), at }
  try {
    if (token) {
      console.log((await createOperatorToken(services, token)).token)
      console.error(
        `This token is shown once. Give it to your identity provider. It expires at ${token.expiresAt.toISOString()}.`,
      )
    } else {
      const name = await revokeTokenByOperator(services, first)
      if (name === null) throw new Error('No active token has this id.')
      console.log(`Revoked: ${name}.`)
    }
  } finally {
    await db.$disconnect()
  }
}

async function list(databaseUrl: string, issuer: string, at: Date): Promise<void> {
  const pool = createReaderPool(databaseUrl, 'spaceport-provisioning-token')
  try {
    const tokens = await selectScimTokens(pool, { at, issuers: [issuer], adminMinutes: 0 }, maxListed)
    const lasting = tokens.filter(({ state }) => state !== 'revoked' && state !== 'expired')
    if (lasting.length === 0) console.log('There are no tokens.')
    for (const token of lasting) console.log(lineOf(token))
  } finally {
    await pool.end()
  }
}

function lineOf({ id, name, makers, expiresAt, lastUsedAt }: ProvisioningToken): string {
  const by = makers.length === 0 ? 'this command' : makers.map(({ handle }) => handle).join(', ')
  const used = lastUsedAt ? `last used at ${lastUsedAt.toISOString()}` : 'never used'
  return `${id}  ${name}: created by ${by}, expires at ${expiresAt.toISOString()}, ${used}`
}

function nameOf(text: string): string {
  const parsed = label.min(1).safeParse(text)
  if (!parsed.success) throw new Error(`The name is empty, too long, or has invisible characters.\n\n${usage}`)
  return parsed.data
}

/** @returns the end of a day in UTC */
function endOf(day: string, at: Date): Date {
  if (!isDay(day)) throw new Error(`${day} is not a day like 2027-06-30.\n\n${usage}`)
  const end = new Date(`${day}T23:59:59.999Z`)
  if (end <= at) throw new Error(`${day} is in the past.`)
  if (end > latestTokenEnd(at)) throw new Error('A token can last at most a year.')
  return end
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(isAppError(error) ? sentenceOf(error.code) : error instanceof Error ? error.message : error)
  process.exitCode = 1
})
