import type { MouseEventHandler, ReactNode } from 'react'
import { AuditSentence } from '#components/audit/audit-sentence.tsx'
import { AroundBadge } from '#components/audit/event/around-badge.tsx'
import type { EventRow } from '#components/audit/words/event-row.ts'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'

type Props = Omit<Parameters<typeof AuditSentence>[0], 'parts'> & {
  row: EventRow
  /** Follows the reason of a failure. */
  remedy?: ReactNode
  /** For clicks on the line. The keyboard has what is in it. */
  onClick?: MouseEventHandler
  /** At the end of the line. */
  marks: ReactNode
  /** Below the line. */
  children?: ReactNode
}

/** An action in a list by day. Where there is room, it is one line: when, who, and what they did to what. */
export function TrailRow({ row, remedy, onClick, marks, children, ...links }: Props) {
  const { at, told, failure, around, reported } = row
  const [first, second] = told
  const isActor = typeof first === 'object' && first.is === 'person' && typeof second === 'string'
  const actors = isActor && second.startsWith(' ') ? 1 : 0
  return (
    <li className="trail-row">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see onClick */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see onClick */}
      <div className="trail-line" onClick={onClick}>
        <span className="trail-time">
          <AbsoluteTime at={at} to="time" />
        </span>
        <div className="trail-text">
          {actors > 0 && (
            <span className="trail-actor">
              <AuditSentence parts={told.slice(0, actors)} {...links} />
            </span>
          )}
          <AuditSentence parts={told.slice(actors)} {...links} />
          {failure !== null && <span className="trail-more">{failure}</span>}
          {remedy}
          {reported !== null && <span className="trail-more">{reported}</span>}
        </div>
        <div className="trail-marks">
          {around && <AroundBadge />}
          {marks}
        </div>
      </div>
      {children}
    </li>
  )
}
