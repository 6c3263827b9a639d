import { type StolenIdentity, stolenIdentities } from './identities.ts'

const identities: readonly StolenIdentity[] = Object.values(stolenIdentities)
const titleOf = (name: string) => (/^[A-Z_]+$/.test(name) ? `\`${name}\`` : name)
const anchorOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const list = (title: string, sentences: readonly string[]) =>
  `**${title}**\n${sentences.map((sentence) => `- ${sentence}`).join('\n')}\n`

/** @returns the text of docs/stolen-identities.md */
export const renderPage = (): string => `# Stolen identities
What each secret is worth to a thief, and when that ends. The tests in \`deploy/stolen\` hold each of them and try what is said here. This page is rendered from \`deploy/stolen/identities.ts\`: change it there, then run \`npm run test:unit -- deploy/stolen -u\`.

${identities
  .map(({ name, what, can, cannot, ends }) =>
    [`## ${titleOf(name)}\n${what}\n`, list('Can', can), list('Can’t', cannot), list('Ends', ends)].join('\n'),
  )
  .join('\n')}`

/** @returns the rows of the table in SECURITY.md */
export const renderSummary = (): readonly string[] =>
  identities.map(({ name, worth }) => `| [${titleOf(name)}](docs/stolen-identities.md#${anchorOf(name)}) | ${worth} |`)
