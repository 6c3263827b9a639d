import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const wide = /[^\0-\xff]/g

/**
 * Escapes what isn't Latin-1 in the server's scripts. One typographic apostrophe doubles what a script's source takes in
 * memory (V8 keeps it in one or two bytes a character), and Turbopack gives each route handler its own copy of most of
 * the code.
 * @param dir the folder with the scripts
 */
export function escapeWideText(dir: string): void {
  for (const name of globSync('**/*.js', { cwd: dir })) {
    const file = join(dir, name)
    const source = readFileSync(file, 'utf8')
    // Only literals and comments contain any, and an escape means the same in them.
    const escaped = source.replace(wide, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    if (escaped !== source) writeFileSync(file, escaped)
  }
}
