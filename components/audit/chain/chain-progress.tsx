'use client'

import { useEffect, useState } from 'react'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { useRefresh } from '#components/ui/live/page-refresh.ts'
import { Meter } from '#components/ui/meter.tsx'
import type { ChainData, CheckData } from './chain-data.ts'

const pollMs = 1_000
const number = new Intl.NumberFormat('en')

/** Follows a running verification, and reloads the page's data when it ends. */
export function ChainProgress({ given, cancel }: { given: CheckData; cancel: FormAction }) {
  const check = useCheck(given)
  const { done, total, startedAt, cancelledAt } = check
  const text =
    startedAt === null
      ? 'Waiting for the worker…'
      : `${number.format(done)} of ${number.format(Math.max(total, done))} events verified`
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p aria-live="polite" className="text-sm">
          {cancelledAt === null ? text : 'Cancelling…'}
        </p>
        {cancelledAt === null && (
          <ActionForm action={cancel} label="Cancel verification">
            <input type="hidden" name="id" value={check.id} />
            <SubmitButton variant="secondary" size="sm">
              Cancel
            </SubmitButton>
          </ActionForm>
        )}
      </div>
      <Meter label="Events verified" ratio={total > 0 ? done / total : 0} text={text} />
    </div>
  )
}

function useCheck(given: CheckData): CheckData {
  const refresh = useRefresh()
  const [rendered, setRendered] = useState(given)
  const [check, setCheck] = useState(given)
  if (rendered !== given) {
    setRendered(given)
    setCheck(given)
  }
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(() => {
      fetchCheck(check.id, abort.signal).then(
        (next) => {
          if (next === undefined || next.endedAt !== null) refresh()
          setCheck((before) => ({ ...(next ?? before) }))
        },
        // The next request may succeed. A new identity triggers it.
        () => !abort.signal.aborted && setCheck((before) => ({ ...before })),
      )
    }, pollMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [check, refresh])
  return check
}

async function fetchCheck(id: string, signal: AbortSignal): Promise<CheckData | undefined> {
  const answer = await fetch('/api/rows/audit/chain', { cache: 'no-store', signal })
  // The session has ended or may no longer read the trail. The page itself shows that.
  if (answer.status === 401 || answer.status === 403) window.location.reload()
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  const { checks }: ChainData = await answer.json()
  return checks.find((one) => one.id === id)
}
