import { expect, test } from 'vitest'
import { createInput, Interrupted } from './input.ts'
import { createTerminal } from './terminal.ts'

function open() {
  const input = createInput()
  let screen = ''
  const show = async (text: string) => {
    screen += text
  }
  const type = createTerminal({ input, show })
  return { input, screen: () => screen, type: (text: string) => type(Buffer.from(text)) }
}

test('whole lines are passed on as corrected, and shown as typed', async () => {
  const { input, screen, type } = open()
  await type('lx\x7fs\r')
  expect(screen()).toBe('lx\b \bs\n')
  expect(await input.readLine()).toBe('ls')
  await type('gone\x15é€\x1b[A\x1bOPk\t\r\n')
  expect(await input.readLine()).toBe('é€k')
  await type('\x7f\n')
  expect(await input.readLine()).toBe('')
})

test('a character that comes in two pieces is one', async () => {
  const { input, type } = open()
  const [first = 0, second = 0] = Buffer.from('é')
  await type('')
  const typing = createTerminal({ input, show: async () => {} })
  await typing(Buffer.from([first]))
  await typing(Buffer.from([second, 0x0d]))
  expect(await input.readLine()).toBe('é')
})

test('Ctrl-D at the start of a line ends one read, and does nothing elsewhere', async () => {
  const { input, type } = open()
  await type('a\x04b\r\x04c\r')
  expect(await input.read()).toEqual(Buffer.from('ab\n'))
  expect(await input.read()).toBeUndefined()
  expect(await input.read()).toEqual(Buffer.from('c\n'))
})

test('Ctrl-C drops what was typed and interrupts the reader', async () => {
  const { input, screen, type } = open()
  const reading = input.read()
  await type('ab\x03')
  await expect(reading).rejects.toThrow(Interrupted)
  expect(screen()).toBe('ab^C\n')
  await type('c\r')
  expect(await input.readLine()).toBe('c')
})

test('a line has a maximum length', async () => {
  const { input, screen, type } = open()
  await type('x'.repeat(10_000))
  await type('\r')
  expect(await input.readLine()).toBe('x'.repeat(4096))
  expect(screen()).toHaveLength(4097)
})

test('a sender that outpaces the reader has to wait', async () => {
  const input = createInput()
  let sent = false
  const pushing = input.push(Buffer.alloc(1_000_000)).then(() => {
    sent = true
  })
  await new Promise(setImmediate)
  expect(sent).toBe(false)
  await input.read()
  await pushing
  expect(sent).toBe(true)
})
