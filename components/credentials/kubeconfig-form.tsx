'use client'

import { type ComponentProps, useRef, useState } from 'react'
import { ActionForm } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { MadeKubeconfig } from './made-kubeconfig.ts'

type Props = ComponentProps<typeof ActionForm<MadeKubeconfig>> & {
  /** The path of the form's page. */
  path: string
}

/**
 * A form that creates a kubeconfig. Where that needs a fresh sign-in, it links to one and comes back with the same
 * choices.
 */
export function KubeconfigForm({ path, onOk, ...form }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [hours, setHours] = useState<string | null>(null)
  const chosen = () => box.current?.querySelector<HTMLSelectElement>('select[name=hours]')?.value ?? null
  return (
    <div ref={box}>
      <ActionForm<MadeKubeconfig>
        {...form}
        onOk={(made) => {
          setHours(null)
          onOk?.(made)
        }}
        onError={(code) => setHours(code === 'fresh_sign_in_needed' ? chosen() : null)}
      />
      {hours !== null && (
        <form method="post" action="/api/auth/signin/again" className="mt-3 space-y-1.5">
          <input type="hidden" name="fresh" value="1" />
          <input
            type="hidden"
            name="callbackUrl"
            value={`${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams({ hours })}`}
          />
          <SubmitButton variant="secondary" icon="key">
            Sign in again
          </SubmitButton>
          <p className="text-muted text-sm">You’ll come back here with the lifetime you chose.</p>
        </form>
      )}
    </div>
  )
}
