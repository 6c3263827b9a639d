/** An SQL statement: its text without comments, contents of strings and bodies, and double spaces; and its comments. */
export type Statement = { text: string; comments: string[] }

/** Strings, dollar-quoted bodies, quoted names, comments, ends of statements. */
const parts = /'(?:[^']|'')*'|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|;/g

/** @returns the statements of a Postgres script */
export function statementsOf(script: string): Statement[] {
  const statements: Statement[] = []
  let current: Statement = { text: '', comments: [] }
  let from = 0
  const end = () => {
    const text = current.text.replace(/["\s]+/g, ' ').trim()
    if (text !== '') statements.push({ text, comments: current.comments })
    current = { text: '', comments: [] }
  }
  for (const found of script.matchAll(parts)) {
    const [part] = found
    current.text += script.slice(from, found.index)
    from = found.index + part.length
    if (part === ';') end()
    else if (part.startsWith('--')) current.comments.push(part.slice(2).trim())
    else if (part.startsWith('/*')) current.text += ' '
    else current.text += "''"
  }
  current.text += script.slice(from)
  end()
  return statements
}
