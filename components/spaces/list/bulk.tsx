'use client'

import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { SelectionBar } from '#components/ui/list/selection-bar.tsx'
import { loaded } from '#components/ui/loaded.tsx'
import type { SpaceOutcome } from '#lib/features/spaces/model/space-choice.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { BulkOutcome } from './bulk-outcome.tsx'
import type { FilterSearches } from './owner-and-group.tsx'
import type { SpaceListRow } from './space-list-data.ts'

// Loaded when first opened.
const EndMany = loaded(() => import('./end-many.tsx').then(({ EndMany }) => EndMany))
const HandOverMany = loaded(() => import('./hand-over-many.tsx').then(({ HandOverMany }) => HandOverMany))
const DeleteMany = loaded(() => import('./delete-many.tsx').then(({ DeleteMany }) => DeleteMany))

/** Platform admins' bulk actions, with their limits. */
export type BulkActs = {
  end: FormAction<SpaceOutcome[]>
  offer: FormAction<SpaceOutcome[]>
  remove: FormAction<SpaceOutcome[]>
  tomorrow: string
  /** The latest last day that the policy allows; null: no end is needed. */
  latestDay: string | null
  /** The days until an offer expires. */
  offerDays: number
}

type Props = {
  acts: BulkActs
  people: FilterSearches['people']
  rows: readonly SpaceListRow[]
  selected: ReadonlySet<string>
  setSelected: (selected: ReadonlySet<string>) => void
  defaultCluster: string
}

type Act = 'end' | 'offer' | 'remove'

const words = {
  end: { button: 'Change end date', title: 'Change the end date of', did: 'Changed the end date of' },
  offer: { button: 'Hand over', title: 'Hand over', did: 'Offered' },
  remove: { button: 'Delete', title: 'Delete', did: 'Deleting' },
} as const

/** @returns whether an action can include a space: not while it is being deleted */
export const isSelectable = ({ status }: SpaceListRow): boolean => status !== 'deleting'

/** Bulk actions on the selected spaces, and the last result. */
export function Bulk({ acts, people, rows, selected, setSelected, defaultCluster }: Props) {
  const [open, setOpen] = useState<Act | null>(null)
  // As of when the dialog was opened, because the list keeps updating.
  const [spaces, setSpaces] = useState<readonly SpaceListRow[]>([])
  const [outcome, setOutcome] = useState<{ act: Act; outcomes: readonly SpaceOutcome[] } | null>(null)
  const bar = useRef<HTMLDivElement>(null)
  const result = useRef<HTMLDivElement>(null)
  const selectable = rows.filter(isSelectable)
  const chosen = selectable.filter(({ id }) => selected.has(id))

  useEffect(() => {
    const focused = document.activeElement
    // A person who has closed the dialog may be doing something else.
    if (outcome && (focused === document.body || bar.current?.contains(focused))) result.current?.focus()
  }, [outcome])

  const onDone = (act: Act) => (outcomes: SpaceOutcome[]) => {
    setSelected(new Set(outcomes.filter(({ why }) => why !== null).map(({ id }) => id)))
    setOutcome({ act, outcomes })
  }
  const given = { spaces, defaultCluster }
  const forms: Record<Act, ReactNode> = {
    end: <EndMany {...given} {...acts} act={acts.end} onDone={onDone('end')} />,
    offer: <HandOverMany {...given} act={acts.offer} days={acts.offerDays} people={people} onDone={onDone('offer')} />,
    remove: <DeleteMany {...given} act={acts.remove} onDone={onDone('remove')} />,
  }
  return (
    <div ref={bar} className="contents">
      {outcome && (
        <BulkOutcome
          ref={result}
          did={words[outcome.act].did}
          outcomes={outcome.outcomes}
          close={() => setOutcome(null)}
        />
      )}
      {selectable.length > 0 && (
        <SelectionBar
          chosen={chosen.length}
          selectAll={{
            count: selectable.length,
            toggle: (on) => setSelected(new Set(on ? selectable.map(({ id }) => id) : [])),
          }}
          text={chosen.length > 0 ? `${chosen.length} selected` : ''}
        >
          {chosen.length > 0 &&
            (['end', 'offer', 'remove'] as const).map((act) => (
              <Button
                key={act}
                size="sm"
                variant={act === 'remove' ? 'danger-quiet' : 'secondary'}
                aria-haspopup="dialog"
                onClick={() => {
                  setSpaces(chosen)
                  setOpen(act)
                }}
              >
                {words[act].button}
              </Button>
            ))}
        </SelectionBar>
      )}
      {(['end', 'offer', 'remove'] as const).map((act) => (
        <Dialog
          key={act}
          open={open === act}
          onChange={(on) => setOpen(on ? act : null)}
          title={`${words[act].title} ${inNumber(spaces.length, 'space')}${act === 'remove' ? '?' : ''}`}
        >
          <Suspense fallback={<p role="status">Loading…</p>}>
            <Focused>{forms[act]}</Focused>
          </Suspense>
        </Dialog>
      ))}
    </div>
  )
}

/** Focuses the first field of content that loads after its dialog has opened. */
function Focused({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.querySelector<HTMLElement>('input:not([type=hidden]), button')?.focus(), [])
  return <div ref={box}>{children}</div>
}
