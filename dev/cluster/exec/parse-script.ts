/** A word as it was written: text, and variables that are looked up when the command runs. */
export type Word = (string | { variable: string })[]

/** One command, and when it runs: always, or after success or failure of the previous one. */
export type Command = { after: 'any' | 'success' | 'failure'; words: Word[] }

/** Syntax that a real shell knows but this one doesn't. */
export class UnknownSyntax extends Error {
  override readonly name = 'UnknownSyntax'
}

// In this order: command separator, comment, white space, variable, quoted text, text.
const token =
  /(?<link>&&|\|\||;|\n)|(?<comment>(?<![^\s;])#[^\n]*)|(?<space>[ \t\r]+)|\$(?:(?<name>\w+|\?)|\{(?<braced>\w+)\})|'(?<plain>[^']*)'|"(?<quoted>(?:[^"\\]|\\.)*)"|\\(?<escaped>[^\n])|(?<text>[^\s;&|<>()`$'"\\]+)/suy

const inQuotes = /\$(?:(?<name>\w+|\?)|\{(?<braced>\w+)\})|\\(?<escaped>[$"\\`])|(?<text>[^$\\`]+|\\)/suy

const links = { '&&': 'success', '||': 'failure', ';': 'any', '\n': 'any' } as const

/**
 * The part of the shell language that needs only words: quotes, `$NAME`, `$?`, `;`, `&&`, `||`, comments.
 * @throws UnknownSyntax for anything else: pipes, redirections, substitutions, an open quote
 */
export function parseScript(script: string): Command[] {
  const commands: Command[] = []
  let words: Word[] = []
  let word: Word | undefined
  let after: Command['after'] = 'any'

  const endWord = () => {
    if (word !== undefined) words.push(word)
    word = undefined
  }
  const endCommand = (next: Command['after']) => {
    endWord()
    if (words.length > 0) commands.push({ after, words })
    else if (next !== 'any') throw new UnknownSyntax()
    words = []
    after = next
  }
  for (const found of matchAll(token, script)) {
    const { link, comment, space, name, braced, plain, quoted, escaped, text } = found
    if (link !== undefined) endCommand(links[link as keyof typeof links])
    else if (space !== undefined || comment !== undefined) endWord()
    else {
      word ??= []
      const variable = name ?? braced
      if (variable !== undefined) word.push({ variable })
      else if (quoted !== undefined) word.push(...parseQuoted(quoted))
      else word.push(plain ?? escaped ?? text ?? '')
    }
  }
  endCommand('any')
  return commands
}

function parseQuoted(quoted: string): Word {
  return matchAll(inQuotes, quoted).map(({ name, braced, escaped, text }) => {
    const variable = name ?? braced
    return variable !== undefined ? { variable } : (escaped ?? text ?? '')
  })
}

/** @throws UnknownSyntax unless the expression's matches make up the whole text */
function matchAll(expression: RegExp, text: string): Partial<Record<string, string>>[] {
  const found: Partial<Record<string, string>>[] = []
  expression.lastIndex = 0
  while (expression.lastIndex < text.length) {
    const match = expression.exec(text)
    if (match === null) throw new UnknownSyntax()
    found.push(match.groups ?? {})
  }
  return found
}
