'use client'

import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import type { EndedRun } from '#lib/features/spaces/model/ended-run.ts'
import type { LogSource } from '#lib/features/spaces/model/log-stream.ts'
import { EndedRunNote } from './ended-run-note.tsx'
import { LogView } from './log-view.tsx'

export type LogTarget = {
  title: string
  sources: readonly LogSource[]
  left: number
  previous: boolean
  /** An ended run of it; null: none. */
  ended: EndedRun | null
  /** The query of the log page for the same logs. */
  query: Readonly<Record<string, string>>
}

/** The logs of a workload over the page that lists it. */
export function LogSheet({ address, query, ended, ...shown }: LogTarget & { address: SpaceAddress }) {
  return (
    <>
      {ended && <EndedRunNote address={address} ended={ended} previous={shown.previous} />}
      <LogView address={address} {...shown} />
      <p className="mt-3">
        <LinkButton href={spacePath(address, 'logs', query)} size="sm">
          Open all logs
        </LinkButton>
      </p>
    </>
  )
}
