'use client'

import { Fragment } from 'react'
import { SingleKeysChoice } from '#components/ui/single-keys-choice.tsx'
import { useIsMac } from './use-shortcuts.ts'

/** Shortcuts on every page, and on request pages. */
const keys: readonly { keys: readonly string[]; does: string; forAuditors?: true }[] = [
  { keys: ['/'], does: 'Go to the page’s search' },
  { keys: ['c'], does: 'New space' },
  { keys: ['g', 's'], does: 'Spaces' },
  { keys: ['g', 'i'], does: 'Inbox' },
  { keys: ['g', 'r'], does: 'Requests' },
  { keys: ['g', 'a'], does: 'Audit trail', forAuditors: true },
  { keys: ['j', 'k'], does: 'Next and previous row of a list' },
  { keys: ['x'], does: 'Select the row, in lists with selection' },
  { keys: ['a'], does: 'On a request: go to Approve' },
  { keys: ['d'], does: 'On a request: go to Deny' },
  { keys: ['?'], does: 'This list' },
]

/** The list of shortcuts, and whether single keys are on. */
export function KeyList({ showAudit }: { showAudit: boolean }) {
  const search = { keys: [useIsMac() ? '⌘K' : 'Ctrl K'], does: 'Search spaces, pages and actions' }
  const listed = keys.filter(({ forAuditors }) => showAudit || !forAuditors)
  return (
    <>
      <dl className="mb-5 grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2 text-sm">
        {[search, ...listed].map(({ keys, does }) => (
          <Fragment key={does}>
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
      <SingleKeysChoice />
    </>
  )
}
