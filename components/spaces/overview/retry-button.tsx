import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'

/** Retries now instead of waiting for the automatic retry. */
export function RetryButton({ action, address }: { action: FormAction; address: SpaceAddress }) {
  return (
    <ActionForm action={action}>
      <SpaceFields space={address} />
      <SubmitButton size="sm" variant="secondary" icon="refresh">
        Retry
      </SubmitButton>
    </ActionForm>
  )
}
