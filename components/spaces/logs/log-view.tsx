'use client'

import { type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { isFound, LogLines } from '#components/spaces/log-lines.tsx'
import { logsPath, type SpaceAddress } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { TextField } from '#components/ui/form/text-field.tsx'
import { Toggle } from '#components/ui/form/toggle.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { LogBuffer } from '#lib/features/spaces/model/log-buffer.ts'
import { type LogSource, renderLogSources } from '#lib/features/spaces/model/log-stream.ts'
import { type LogState, useLog } from './use-log.ts'

type Props = {
  address: SpaceAddress
  sources: readonly LogSource[]
  previous: boolean
  /** The choice in words. */
  title: string
  /** Containers that aren’t shown because there are too many. */
  left: number
  /** The fields that choose the log, before those that change how it is shown. */
  picker?: ReactNode
  note?: ReactNode
}

/** How near to the end counts as at the end, in pixels. */
const nearPx = 40
/** Lines wrap on a phone until the person changes that. */
const narrow = '(width < 40rem)'
const isNarrow = () => matchMedia(narrow).matches
const followWidth = (changed: () => void) => {
  const query = matchMedia(narrow)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

/** The live logs of some containers. */
export function LogView({ address, sources, previous, title, left, picker, note }: Props) {
  const of = renderLogSources(sources)
  const names = useMemo(() => sources.map((source) => nameOf(source, sources)), [sources])
  const asked = { of, ...(previous && { previous: 'true' }) }
  const { log, state } = useLog({
    what: `${title} ${previous}`,
    names,
    pathOf: (since) =>
      logsPath(address, { ...asked, ...(!previous && { follow: 'true' }), ...(since !== null && { since }) }),
  })
  const [find, setFind] = useState('')
  const [times, setTimes] = useState(true)
  const onPhone = useSyncExternalStore(followWidth, isNarrow, () => false)
  const [chosenWrap, setWraps] = useState<boolean | null>(null)
  const wraps = chosenWrap ?? onPhone
  const wanted = useDeferredValue(find.trim().toLowerCase())
  const named = new Set(names).size > 1
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        {picker}
        <TextField
          label="Find in these lines"
          labelHidden
          placeholder="Find in these lines"
          name="find"
          type="search"
          value={find}
          onChange={(event) => setFind(event.target.value)}
          className="min-w-40 grow"
        />
        <div className="flex flex-wrap gap-2">
          <Toggle on={times} onToggle={setTimes}>
            Times
          </Toggle>
          <Toggle on={wraps} onToggle={setWraps}>
            Wrap
          </Toggle>
          <a href={logsPath(address, { ...asked, file: 'true' })} download className={buttonClass('secondary')}>
            <Icon name="download" />
            Download
          </a>
        </div>
      </div>
      {note}
      <p className="mt-3 mb-2 text-muted text-sm">
        <span role="status">{stateInWords(state, previous)}</span>
        {typeof state !== 'object' && `: ${countInWords(log, wanted)}.`}
        {left > 0 && ` ${left} more containers aren’t shown: choose one pod.`}
      </p>
      {typeof state === 'object' && (
        <Alert kind="bad" title="The log can’t be shown">
          <p>{state.refused}</p>
        </Alert>
      )}
      <Lines key={`${title} ${previous}`} log={log} title={title} wraps={wraps} look={{ find: wanted, times, named }} />
    </>
  )
}

type LinesProps = {
  log: LogBuffer
  title: string
  wraps: boolean
  look: { find: string; times: boolean; named: boolean }
}

/** It follows the newest line until the person scrolls up. */
function Lines({ log, title, wraps, look }: LinesProps) {
  const box = useRef<HTMLDivElement>(null)
  const [follows, setFollows] = useState(true)
  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight })
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each of them the end is elsewhere
  useEffect(() => {
    if (follows) toEnd()
  }, [follows, log, look.find, wraps])
  return (
    <div className="relative">
      <div
        ref={box}
        role="log"
        aria-label={`Log of ${title}`}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setFollows(scrollHeight - scrollTop - clientHeight < nearPx)
        }
        className={classNames(
          'h-[calc(100dvh-20rem)] min-h-80 overflow-auto rounded-lg border bg-surface p-3 font-mono text-xs leading-5',
          wraps ? 'wrap-anywhere whitespace-pre-wrap' : 'whitespace-pre',
        )}
      >
        {log.blocks.map((block) => (
          <LogLines key={block.key} block={block} {...look} />
        ))}
      </div>
      {!follows && (
        <Button size="sm" icon="arrow-down" onClick={toEnd} className="absolute right-4 bottom-4 shadow-lg">
          Newest
        </Button>
      )}
    </div>
  )
}

function stateInWords(state: LogState, previous: boolean): string {
  if (state === 'waiting') return 'The connection was lost. Trying again…'
  if (state === 'ended') return previous ? 'The log of the previous run' : 'Ended'
  return state === 'reading' ? 'Following' : ''
}

function countInWords(log: LogBuffer, find: string): string {
  if (log.lines === 0) return 'nothing was written yet'
  const lines = log.lines === 1 ? '1 line' : `${log.lines.toLocaleString('en')} lines`
  const found = log.blocks.reduce((sum, block) => sum + block.lines.filter((line) => isFound(line, find)).length, 0)
  return `${lines}${log.isCut ? ', the newest' : ''}${find === '' ? '' : `, ${found} found`}`
}

/** @returns the shortest name that distinguishes a source: pods of one container by pod name alone */
const nameOf = ({ pod, container }: LogSource, all: readonly LogSource[]): string => {
  const isOnly = all.every((one) => one.container === container)
  const isSamePod = all.every((one) => one.pod === pod)
  return isOnly ? pod : isSamePod ? container : `${pod}/${container}`
}
