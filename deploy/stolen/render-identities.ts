import { anchorOf } from '#dev/check/anchor-of.ts'
import { type StolenIdentity, stolenIdentities } from './identities.ts'

const identities: readonly StolenIdentity[] = Object.values(stolenIdentities)
const titleOf = (name: string) => (/^[A-Z_]+$/.test(name) ? `\`${name}\`` : name)

const list = (title: string, sentences: readonly string[]) =>
  `**${title}**\n${sentences.map((sentence) => `- ${sentence}`).join('\n')}\n`

/** @returns the text of docs/stolen-identities.md */
export const renderPage = (): string => `# Stolen identities
What a thief of each secret can and can’t do, and when that ends. The tests in \`deploy/stolen\` steal each one and try it. This page is rendered from \`deploy/stolen/identities.ts\`: change it there, then run \`npm run test:unit -- deploy/stolen -u\`.

${identities
  .flatMap(({ name, what, can, cannot, ends, shows }) => [
    `## ${titleOf(name)}\n${what}\n`,
    list('A thief can', can),
    list('A thief can’t', cannot),
    list('It ends', ends),
    ...(shows ? [list('It shows', shows)] : []),
  ])
  .join('\n')}`

/** @returns the rows of the table in SECURITY.md */
export const renderSummary = (): readonly string[] =>
  identities.map(({ name, worth }) => `| [${titleOf(name)}](docs/stolen-identities.md#${anchorOf(name)}) | ${worth} |`)
