import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import { shellChannels, shellProtocol, shellRefusedCode } from '#lib/features/spaces/model/shell.ts'

const scrollback = 5_000
/** How a shell ended: exited, refused, or cut. */
export type ShellEnd = { kind: 'ended' | 'refused' | 'cut'; message: string }

type Events = { onOpen: () => void; onEnd: (end: ShellEnd) => void }

/**
 * Shows a shell in a box.
 * @param url of the stream, below this page's origin
 * @returns the function that closes it
 */
export function openTerminal(box: HTMLElement, url: string, { onOpen, onEnd }: Events): () => void {
  const style = getComputedStyle(box)
  const terminal = new Terminal({
    scrollback,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: style.fontFamily,
    fontSize: Number.parseFloat(style.fontSize),
    screenReaderMode: true,
    theme: { background: style.backgroundColor, foreground: style.color, cursor: style.color },
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  // Colours of 24 bits become inline styles, which our Content Security Policy blocks.
  terminal.parser.registerCsiHandler({ final: 'm' }, (params) => hasTrueColour(params))
  // All other keys go to the shell, so one has to leave it (WCAG 2.2, 2.1.2).
  terminal.attachCustomKeyEventHandler(({ key }) => key !== 'F6')
  withNonce(() => terminal.open(box))
  fit.fit()

  const socket = new WebSocket(new URL(url, location.href.replace(/^http/, 'ws')), shellProtocol)
  socket.binaryType = 'arraybuffer'
  const encoder = new TextEncoder()
  const send = (channel: number, text: string) => {
    if (socket.readyState !== WebSocket.OPEN) return
    const bytes = encoder.encode(text)
    const message = new Uint8Array(bytes.length + 1)
    message[0] = channel
    message.set(bytes, 1)
    socket.send(message)
  }
  const resize = () => {
    fit.fit()
    send(shellChannels.resize, JSON.stringify({ Width: terminal.cols, Height: terminal.rows }))
  }
  const watching = new ResizeObserver(resize)
  let end: ShellEnd | undefined
  socket.onopen = () => {
    resize()
    watching.observe(box)
    terminal.focus()
    onOpen()
  }
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
    const bytes = new Uint8Array(data)
    const [channel] = bytes
    if (channel === shellChannels.stdout || channel === shellChannels.stderr) terminal.write(bytes.subarray(1))
    if (channel === shellChannels.error) end = readStatus(new TextDecoder().decode(bytes.subarray(1)))
  }
  socket.onclose = ({ code, reason }) => {
    terminal.options.disableStdin = true
    terminal.options.cursorBlink = false
    if (code === shellRefusedCode) onEnd({ kind: 'refused', message: reason })
    else
      onEnd(
        end ?? {
          kind: 'cut',
          message: 'The connection was cut: your access may have changed, or you may be signed out.',
        },
      )
  }
  terminal.onData((text) => send(shellChannels.stdin, text))
  return () => {
    watching.disconnect()
    socket.onclose = null
    socket.close()
    terminal.dispose()
  }
}

/** ISO 8613-6, section 13.1.8: 38 and 48 followed by a 2. */
function hasTrueColour(params: (number | number[])[]): boolean {
  const numbers = params.flat()
  return numbers.some((one, at) => (one === 38 || one === 48) && numbers[at + 1] === 2)
}

/**
 * The API server's last message: a Status
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/).
 */
function readStatus(text: string): ShellEnd {
  try {
    const { status, message } = JSON.parse(text) as { status?: string; message?: string }
    return { kind: 'ended', message: status === 'Success' ? '' : (message ?? '') }
  } catch {
    return { kind: 'ended', message: '' }
  }
}

/** The terminal creates style elements, which need this page's nonce. */
function withNonce(open: () => void): void {
  const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? ''
  const create = document.createElement.bind(document)
  const withOurs = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const made = create(name, options)
    if (made instanceof HTMLStyleElement) made.nonce = nonce
    return made
  }
  Object.assign(document, { createElement: withOurs })
  try {
    open()
  } finally {
    Reflect.deleteProperty(document, 'createElement')
  }
}
