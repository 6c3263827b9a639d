'use client'

import { type ComponentProps, useRef, useState } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { ActionForm } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { useIsHydrated } from '#components/ui/use-is-hydrated.ts'
import type { ActionState } from '#lib/kernel/model/action-state.ts'
import type { MadeKubeconfig } from './made-kubeconfig.ts'

type Props = Omit<ComponentProps<typeof ActionForm<MadeKubeconfig>>, 'after'> & {
  /** The path of the form's page. */
  path: string
}

/**
 * A form that creates a kubeconfig. Where that needs a fresh sign-in, it links to one and comes back with the same
 * choices. Without scripts, which save the file, it links to the file.
 */
export function KubeconfigForm({ path, onOk, ...form }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const hasScripts = useIsHydrated()
  const [chosen, setChosen] = useState<string | null>(null)
  const read = () => box.current?.querySelector<HTMLInputElement | HTMLSelectElement>('[name=hours]')?.value ?? null
  return (
    <div ref={box}>
      <ActionForm<MadeKubeconfig>
        {...form}
        onOk={(made) => {
          setChosen(null)
          onOk?.(made)
        }}
        onError={(code) => setChosen(code === 'fresh_sign_in_needed' ? read() : null)}
        after={(state) => {
          const hours = chosen ?? postedHours(state)
          return (
            <>
              {hours !== null && <SignInAgain hours={hours} path={path} />}
              {/* Where scripts save the file, its token stays out of the page. */}
              {!hasScripts && state.status === 'ok' && state.data && <FileLink {...state.data} />}
            </>
          )
        }}
      />
    </div>
  )
}

const postedHours = (state: ActionState<MadeKubeconfig>): string | null =>
  (state.status === 'error' && state.code === 'fresh_sign_in_needed' && state.posted?.hours) || null

const SignInAgain = ({ hours, path }: { hours: string; path: string }) => (
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
)

/** A link that contains the file. */
const FileLink = ({ fileName, kubeconfig }: MadeKubeconfig) => (
  <Alert kind="ok" title="Your kubeconfig is ready" className="mt-4">
    <p>Save it now: it can’t be downloaded again.</p>
    <a
      download={fileName}
      href={`data:application/yaml;charset=utf-8,${encodeURIComponent(kubeconfig)}`}
      className={buttonClass('secondary', 'sm', 'mt-2')}
    >
      <Icon name="download" />
      {fileName}
    </a>
  </Alert>
)
