'use client'

import { useEffect } from 'react'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { useRefresh } from '#components/ui/live/page-refresh.ts'
import { Countdown } from '#components/ui/time/countdown.tsx'

/** A reload this long after the end shows the page without the role, in milliseconds. */
const afterMs = 500

type Props = { until: string; isBreakGlass: boolean; end: FormAction }

/** How long the person remains a platform admin. At the end, the page is reloaded. */
export function AdminRoleBar({ until, isBreakGlass, end }: Props) {
  const refresh = useRefresh()
  useEffect(() => {
    const timer = setTimeout(refresh, Math.max(new Date(until).getTime() - Date.now(), 0) + afterMs)
    return () => clearTimeout(timer)
  }, [refresh, until])
  return (
    <div className="border-t bg-warn-soft">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 text-sm sm:px-6">
        <p>
          {isBreakGlass
            ? 'You are using the break-glass account: platform admin for '
            : 'You are a platform admin for '}
          <Countdown to={until} />
        </p>
        {!isBreakGlass && (
          <ActionForm action={end} label="Admin role">
            <SubmitButton variant="secondary" size="sm">
              End now
            </SubmitButton>
          </ActionForm>
        )}
      </div>
    </div>
  )
}
