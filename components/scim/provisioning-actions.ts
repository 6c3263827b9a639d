import type { FormAction } from '#components/ui/form/action-form.tsx'

/** What the viewer may do; null: not this. */
export type ProvisioningActions = {
  ask: FormAction | null
  approve: FormAction | null
  decline: FormAction | null
  reveal: FormAction<{ token: string }> | null
  takeOver: FormAction | null
  revoke: FormAction | null
  freeze: FormAction | null
  unfreeze: FormAction | null
}
