import { memo } from 'react'
import type { LogBlock, LogLine } from '#lib/features/spaces/model/log-buffer.ts'
import { isErrorLine, sourceInk } from './log-ink.ts'

export type LogLook = {
  /** Shows only lines that contain it, ignoring case. */
  find: string
  times: boolean
  /** Whether lines of several containers are shown, so that each line names its own. */
  named: boolean
}

const marked = (text: string, find: string) => {
  if (find === '') return text
  const at = text.toLowerCase().indexOf(find)
  if (at < 0) return text
  return (
    <>
      {text.slice(0, at)}
      <mark className="rounded-sm bg-warn-soft text-ink">{text.slice(at, at + find.length)}</mark>
      {text.slice(at + find.length)}
    </>
  )
}

/** @returns whether to show a line: always for notes */
export const isFound = ({ says, note }: LogLine, find: string): boolean =>
  note || find === '' || says.toLowerCase().includes(find)

/** One line as text, never as markup. */
export function Line({ line: { from, source, at, says, note }, find, times, named }: { line: LogLine } & LogLook) {
  return (
    <div className={note ? 'text-muted italic' : isErrorLine(says) ? '-mx-3 bg-bad-soft px-3' : undefined}>
      {times && at !== '' && <time className="text-muted">{`${at.slice(11, 23)} `}</time>}
      {named && from !== '' && <span className={sourceInk(source)}>{`${from} `}</span>}
      {note ? says || 'ended' : marked(says, find)}
    </div>
  )
}

/** A block of lines: the browser skips rendering far from the window. */
export const LogLines = memo(function LogLines({ block, ...look }: { block: LogBlock } & LogLook) {
  const shown = block.lines.filter((line) => isFound(line, look.find))
  return (
    <div className="log-block">
      {shown.map((line) => (
        <Line key={line.key} line={line} {...look} />
      ))}
    </div>
  )
})
