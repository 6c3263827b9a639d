'use client'

import { useState } from 'react'
import { KubeconfigForm } from '#components/credentials/kubeconfig-form.tsx'
import type { MadeKubeconfig } from '#components/credentials/made-kubeconfig.ts'
import { besideOtherClusters } from '#components/spaces/kubeconfig-lines.ts'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { CodeBlock } from '#components/ui/code-block.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { useRefresh } from '#components/ui/live/page-refresh.ts'
import { saveFile } from '#components/ui/save-file.ts'

type Props = {
  address: SpaceAddress
  /** The name of its context in a kubeconfig. */
  context: string
  make: FormAction<MadeKubeconfig>
  /** The lifetime of the kubeconfig. */
  hours: number
  /** Whether they already have a kubeconfig. */
  connected: boolean
}

/** Downloads a kubeconfig with the default lifetime, and shows how to use it. */
export function DownloadStep({ address, context, make, hours, connected }: Props) {
  const refresh = useRefresh()
  const [saved, setSaved] = useState<string | null>(null)
  return (
    <>
      <p aria-live="polite">
        {saved !== null
          ? `${saved} downloaded.`
          : connected
            ? 'You have one that hasn’t been used yet.'
            : 'It works with kubectl, helm and every other tool that reads a kubeconfig.'}
      </p>
      <div className="mt-2 flex flex-wrap items-start gap-2">
        <KubeconfigForm
          action={make}
          path={spacePath(address)}
          onOk={(file) => {
            if (!file) return
            saveFile(file.fileName, file.kubeconfig, 'application/yaml')
            setSaved(file.fileName)
            refresh()
          }}
        >
          <SpaceFields space={address} />
          <input type="hidden" name="hours" value={hours} />
          <SubmitButton size="sm" icon="download" variant={connected ? 'secondary' : 'primary'}>
            Download kubeconfig
          </SubmitButton>
        </KubeconfigForm>
        <LinkButton href={spacePath(address, 'connect')} size="sm" variant="quiet">
          More options
        </LinkButton>
      </div>
      <p className="mt-3 mb-1">Then, in a terminal. Your other clusters stay available.</p>
      <CodeBlock wraps code={`${besideOtherClusters(context)} && kubectl get pods`} />
    </>
  )
}
