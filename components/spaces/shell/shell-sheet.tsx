'use client'

import { useState } from 'react'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import type { ShellChoice } from './shell-choice.ts'
import { ShellView } from './shell-view.tsx'

type Props = ShellChoice & { address: SpaceAddress; onRunning: (running: boolean) => void }

/** A shell over the page that lists the workloads. */
export function ShellSheet({ address, options, of, onRunning }: Props) {
  const [chosen, choose] = useState(of)
  const current = options.some(({ value }) => value === chosen) ? chosen : of
  return <ShellView address={address} options={options} of={current} choose={choose} onRunning={onRunning} />
}
