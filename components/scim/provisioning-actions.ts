import type { FormAction } from '#components/ui/form/action-form.tsx'

/** The actions that the viewer may take; null: not allowed. */
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
