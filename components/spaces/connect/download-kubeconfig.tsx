'use client'

import Link from 'next/link'
import { useState } from 'react'
import { KubeconfigForm } from '#components/credentials/kubeconfig-form.tsx'
import type { MadeKubeconfig } from '#components/credentials/made-kubeconfig.ts'
import { NameField } from '#components/credentials/name-field.tsx'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { SelectField, type SelectOption } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { saveFile } from '#components/ui/save-file.ts'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'

type Props = {
  address: SpaceAddress
  make: FormAction<MadeKubeconfig>
  lifetimes: readonly SelectOption[]
  defaultHours: number
}

/** Creates a kubeconfig and saves it. Its token is never shown again. */
export function DownloadKubeconfig({ address, make, lifetimes, defaultHours }: Props) {
  const [made, setMade] = useState<{ fileName: string; endsAt: Date } | null>(null)
  return (
    <KubeconfigForm
      action={make}
      path={spacePath(address, 'connect')}
      onOk={(file) => {
        if (!file) return
        saveFile(file.fileName, file.kubeconfig, 'application/yaml')
        setMade({ fileName: file.fileName, endsAt: file.endsAt })
      }}
    >
      <SpaceFields space={address} />
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          label="Lifetime"
          name="hours"
          className="w-40"
          defaultValue={String(defaultHours)}
          options={lifetimes}
        />
        <NameField />
        <SubmitButton icon="download">Download kubeconfig</SubmitButton>
      </div>
      {made && (
        <Alert kind="ok" live className="mt-4" title={`${made.fileName} downloaded`}>
          <p>
            It expires <AbsoluteTime at={made.endsAt} /> and can’t be downloaded again. If you lose it,{' '}
            <Link href="/credentials" prefetch={false} className="text-link">
              revoke it
            </Link>{' '}
            and create a new one.
          </p>
        </Alert>
      )}
    </KubeconfigForm>
  )
}
