'use client'

import { Button } from '#components/ui/button.tsx'
import { keepInBrowser } from '#components/ui/keep-in-browser.ts'
import { useRefresh } from '#components/ui/live/page-refresh.ts'
import { hidesSteps, stepsCookie } from '#lib/features/spaces/model/first-steps.ts'

/** Hides the first steps, in this browser and for all spaces. */
export function HideSteps() {
  const refresh = useRefresh()
  return (
    <Button size="sm" variant="quiet" onClick={() => void keepInBrowser(stepsCookie, hidesSteps).then(refresh)}>
      Hide
    </Button>
  )
}
