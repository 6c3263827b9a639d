'use client'

import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { type SpaceAddress, shellPath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { Button } from '#components/ui/button.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import type { ShellEnd } from './open-terminal.ts'
import type { ShellChoice } from './shell-choice.ts'

type State = 'closed' | 'opening' | 'open' | ShellEnd

type Props = ShellChoice & {
  address: SpaceAddress
  choose: (of: string) => void
  /** Called with whether one is open, or about to be. */
  onRunning?: (running: boolean) => void
}

/** A shell in one of a space's containers. It opens only on request, because each one is in the trail. */
export function ShellView({ address, options, of, choose, onRunning }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [state, setState] = useState<State>('closed')
  /** A new object opens a new shell; later updates of the page don't affect it. */
  const [opened, setOpened] = useState<{ path: string } | null>(null)
  const running = state === 'opening' || state === 'open'

  // In the same commit, so that the next Escape goes to the right one: the shell or the dialog around it.
  useLayoutEffect(() => onRunning?.(running), [onRunning, running])

  useEffect(() => {
    if (!opened) return
    const ending = new AbortController()
    void import('./open-terminal.ts').then(({ openTerminal }) => {
      if (ending.signal.aborted || !box.current) return
      const close = openTerminal(box.current, opened.path, { onOpen: () => setState('open'), onEnd: setState })
      ending.signal.addEventListener('abort', close, { once: true })
    })
    return () => ending.abort()
  }, [opened])

  const open = () => {
    setState('opening')
    setOpened({ path: shellPath(address, of) })
  }
  const close = () => {
    setState('closed')
    setOpened(null)
  }
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <SelectField
          label="Container"
          name="of"
          value={of}
          options={options}
          disabled={running}
          onChange={(event) => choose(event.target.value)}
          className="min-w-48 max-w-full grow sm:max-w-md"
        />
        {running ? (
          <Button onClick={close}>Close shell</Button>
        ) : (
          <Button variant="primary" icon="terminal" onClick={open}>
            {state === 'closed' ? 'Open shell' : 'Open again'}
          </Button>
        )}
      </div>
      <p role="status" className="mb-2 text-muted text-sm">
        {inWords(state)}
      </p>
      {typeof state === 'object' && state.kind !== 'ended' && (
        <Alert
          kind="bad"
          title={state.kind === 'refused' ? 'The shell wasn’t opened' : 'The shell was cut'}
          className="mb-4"
        >
          <p>{state.message}</p>
        </Alert>
      )}
      <div ref={box} className={opened === null ? 'hidden' : 'terminal h-[calc(100dvh-22rem)] min-h-80'} />
    </>
  )
}

function inWords(state: State): string {
  if (state === 'closed') return 'You act as yourself, and the audit trail records that you opened a shell.'
  if (state === 'opening') return 'Opening…'
  if (state === 'open') return 'Connected. Press F6 to leave the terminal.'
  return state.kind === 'ended' ? `The shell ended. ${state.message}`.trim() : ''
}
