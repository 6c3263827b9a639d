'use client'

import { SpaceFields } from '#components/spaces/space-fields.tsx'
import { spaceForm } from '#components/spaces/space-form.ts'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import { OnlyChanged } from '#components/ui/form/only-changed.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { idle } from '#lib/kernel/model/action-state.ts'
import { PlatformAdminReason, type ReasonRule } from './admin-reason.tsx'
import { RoleField } from './role-field.tsx'
import { lastDayHint, type RoleRules } from './role-rules.ts'

type Props = {
  address: SpaceAddress
  grantId: string
  /** The member's name. */
  who: string
  role: Role
  /** `YYYY-MM-DD`, or empty. */
  lastDay: string
  tomorrow: string
  rules: RoleRules
  /** The owner's name. */
  owner: string
  /** Whether a platform admin must give a reason; null: none needed. */
  reason: ReasonRule | null
  /** Whether removal needs a platform admin's reason. */
  removalReason: boolean
  change: FormAction
  remove: FormAction
  /** For undo: grants the same role again; null: not possible in the same way. */
  again: { principal: string; add: FormAction } | null
}

export function MemberActions(props: Props) {
  const { address, grantId, who, role, lastDay, tomorrow, rules, owner, reason, removalReason, change, remove } = props
  const again = rules.approvalRoles.includes(role) ? null : props.again
  return (
    <span className="row-acts">
      <DialogButton label="Change" accessibleLabel={`Change ${who}`} size="sm" variant="quiet" title={`Change ${who}`}>
        <ActionForm
          action={change}
          className="space-y-4"
          okMessage={`Changed ${who}.`}
          undo={again ? () => change(idle, spaceForm(address, { grantId, role, endsAt: lastDay })) : undefined}
        >
          <SpaceFields space={address} />
          <input type="hidden" name="grantId" value={grantId} />
          <OnlyChanged shown={{ role, endsAt: lastDay }} />
          <RoleField address={address} rules={rules} held={role} />
          <DateField
            label="Ends"
            name="endsAt"
            optional={!rules.limited}
            min={tomorrow}
            presetsFrom={tomorrow}
            defaultValue={lastDay}
            hint={lastDayHint(rules)}
          />
          {reason && <PlatformAdminReason asked={reason} owner={owner} />}
          <DialogActions>
            <SubmitButton>Save</SubmitButton>
          </DialogActions>
        </ActionForm>
      </DialogButton>
      <DialogButton
        label="Remove"
        accessibleLabel={`Remove ${who}`}
        size="sm"
        variant="danger-quiet"
        title={`Remove ${who}?`}
      >
        <ActionForm
          action={remove}
          undo={
            again
              ? () => again.add(idle, spaceForm(address, { principal: again.principal, role, endsAt: lastDay }))
              : undefined
          }
        >
          <SpaceFields space={address} />
          <input type="hidden" name="grantId" value={grantId} />
          <p>
            They lose the <strong>{role}</strong> role in{' '}
            <span className="wrap-anywhere font-mono">{address.name}</span> immediately. Without another role, their
            next kubectl command is refused and open logs, shells and port-forwards are closed. Everything they created
            stays.
          </p>
          {removalReason && (
            <div className="mt-4">
              <PlatformAdminReason asked="always" owner={owner} />
            </div>
          )}
          <DialogActions>
            <SubmitButton variant="danger">Remove</SubmitButton>
          </DialogActions>
        </ActionForm>
      </DialogButton>
    </span>
  )
}
