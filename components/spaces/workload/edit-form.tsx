'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import type { DiffHunk } from '#lib/features/spaces/model/manifest-diff.ts'
import type { WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { ManifestDiff } from './manifest-diff.tsx'
import { YamlField } from './yaml-field.tsx'

/** `hunks`: what the cluster stores differently; null: too much to show. */
type Answer = { saved: boolean; hunks: DiffHunk[] | null }
export type EditFormAction = FormAction<Answer>

type Props = { address: SpaceAddress; of: WorkloadRef; text: string; base: string; action: EditFormAction }

/** Edits a manifest: a preview by the API server first, then saving. */
export function EditForm({ address, of, text, base, action }: Props) {
  const router = useRouter()
  const target = `${of.kind}/${of.name}`
  const back = spacePath(address, 'workload', { of: target })
  // A refresh of the page must not give the person’s text the version of another one.
  const [opened] = useState({ text, base })
  const [preview, setPreview] = useState<Answer | null>(null)
  return (
    <ActionForm
      action={action}
      label={`Edit ${of.name}`}
      needsScripts
      onOk={(answer) => {
        if (answer?.saved) router.push(back)
        else setPreview(answer ?? null)
      }}
      onError={() => setPreview(null)}
      className="space-y-4"
    >
      <SpaceFields space={address} />
      <input type="hidden" name="of" value={target} />
      <input type="hidden" name="base" value={opened.base} />
      <YamlField name="manifest" text={opened.text} onChange={() => setPreview(null)} />
      {preview && (
        <section aria-label="Changes">
          <ManifestDiff hunks={preview.hunks} />
        </section>
      )}
      <FormActions>
        {preview && (
          <SubmitButton name="step" value="save">
            Save
          </SubmitButton>
        )}
        <SubmitButton name="step" value="preview" variant={preview ? 'secondary' : 'primary'}>
          Preview
        </SubmitButton>
        <LinkButton href={back}>Cancel</LinkButton>
      </FormActions>
    </ActionForm>
  )
}
