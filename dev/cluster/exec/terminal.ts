import { StringDecoder } from 'node:string_decoder'
import type { InputQueue } from './input.ts'

/**
 * A kernel's line editing: echoes typed keys, allows corrections, passes on whole lines. kubectl sends single keys,
 * because its own terminal is in raw mode.
 * @param options.show gets what appears on the screen
 * @returns a function that takes typed keys
 */
export function createTerminal(options: { input: InputQueue; show: (text: string) => Promise<void> }) {
  const { input, show } = options
  const decoder = new StringDecoder('utf8')
  let line: string[] = []
  /** Arrows and function keys come as several characters, which are ignored here. */
  let sequence: 'none' | 'begun' | 'inside' = 'none'
  let afterReturn = false

  const keys: Record<string, () => Promise<void> | void> = {
    '\r': () => enter(),
    '\n': () => (afterReturn ? undefined : enter()),
    '\x03': async () => {
      line = []
      await show('^C\n')
      input.interrupt()
    },
    '\x04': () => (line.length === 0 ? input.pushEnd() : undefined),
    '\b': () => erase(1),
    '\x7f': () => erase(1),
    '\x15': () => erase(line.length),
    '\x1b': () => {
      sequence = 'begun'
    },
  }
  const enter = async () => {
    const typed = `${line.join('')}\n`
    line = []
    await show('\n')
    await input.push(Buffer.from(typed))
  }
  const erase = async (count: number) => {
    const gone = line.splice(-count, count).length
    await show('\b \b'.repeat(gone))
  }
  const press = async (key: string) => {
    if (sequence === 'begun') sequence = key === '[' || key === 'O' ? 'inside' : 'none'
    else if (sequence === 'inside') sequence = key >= '@' && key <= '~' ? 'none' : 'inside'
    else if (keys[key] !== undefined) await keys[key]()
    else if (key >= ' ' && line.length < maxCharacters) {
      line.push(key)
      await show(key)
    }
    afterReturn = key === '\r'
  }
  return async (bytes: Buffer): Promise<void> => {
    for (const key of decoder.write(bytes)) await press(key)
  }
}

const maxCharacters = 4096
