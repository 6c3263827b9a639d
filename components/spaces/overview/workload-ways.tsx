'use client'

import { type ReactNode, Suspense, useState } from 'react'
import type { LogTarget } from '#components/spaces/logs/log-sheet.tsx'
import type { ShellChoice } from '#components/spaces/shell/shell-choice.ts'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import type { RestartFormProps } from '#components/spaces/workload/restart-form.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { loaded } from '#components/ui/loaded.tsx'

// Loaded when first opened.
const LogSheet = loaded(() => import('#components/spaces/logs/log-sheet.tsx').then(({ LogSheet }) => LogSheet))
const ShellSheet = loaded(() => import('#components/spaces/shell/shell-sheet.tsx').then(({ ShellSheet }) => ShellSheet))
const RestartForm = loaded(() =>
  import('#components/spaces/workload/restart-form.tsx').then(({ RestartForm }) => RestartForm),
)

type Props = {
  address: SpaceAddress
  name: string
  /** Null: no pods. */
  logs: LogTarget | null
  /** Null: none runs, or the person may not open one. */
  shell: ShellChoice | null
  /** Null: it can’t be restarted, or not by this person. */
  restart: RestartFormProps | null
}

/** Actions for a workload, without leaving the page that lists it. */
export function WorkloadWays({ address, name, logs, shell, restart }: Props) {
  const [shellRuns, setShellRuns] = useState(false)
  return (
    <span className="row-acts">
      {logs && (
        <Way label="Logs" of={` of ${name}`} title={`Logs of ${logs.title}`} wide>
          <LogSheet address={address} {...logs} />
        </Way>
      )}
      {shell && (
        <Way label="Shell" of={` in ${name}`} title={`Shell in ${name}`} wide stays={shellRuns}>
          <ShellSheet address={address} {...shell} onRunning={setShellRuns} />
        </Way>
      )}
      {restart && (
        <Way label="Restart" of={` ${name}`} title={`Restart ${name}?`}>
          <RestartForm {...restart} />
        </Way>
      )}
    </span>
  )
}

type WayProps = { label: string; of: string; title: string; wide?: boolean; stays?: boolean; children: ReactNode }

function Way({ label, of, title, wide = false, stays = false, children }: WayProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" aria-haspopup="dialog" className={buttonClass('quiet', 'sm')} onClick={() => setOpen(true)}>
        {label}
        <span className="sr-only">{of}</span>
      </button>
      <Dialog {...{ open, title, wide, stays }} onChange={setOpen}>
        <Suspense fallback={<p role="status">Loading…</p>}>{children}</Suspense>
      </Dialog>
    </>
  )
}
