import { SpaceFields } from '#components/spaces/space-fields.tsx'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Section } from '#components/ui/section.tsx'
import type { SpaceManifest } from '#lib/features/spaces/model/render-space-manifest.ts'
import { GitManifest } from './git-manifest.tsx'

type Props = {
  address: SpaceAddress
  /** The object that declares the space: `team-a/shop`; null: none. */
  object: string | null
  /** Null: shown on demand. */
  manifest: SpaceManifest | null
  /** Namespaces whose objects could declare it. */
  namespaces: readonly string[]
  mayDeclare: boolean
  mayRelease: boolean
  declare: FormAction
  release: FormAction
}

/** Who manages the settings, Git or the portal, and the manifest for Git. */
export function GitSection(props: Props) {
  const { address, object, manifest, namespaces, mayDeclare, mayRelease, declare, release } = props
  if (object !== null)
    return (
      <Section
        title="Managed in Git"
        id="git"
        content="row"
        description={
          <>
            Declared by <span className="wrap-anywhere font-mono">{object}</span>: choose your changes, and commit the
            manifest to where the object comes from.
          </>
        }
        more="Nothing is saved here. A reason and a deletion policy in the object stay as they are."
        actions={mayRelease && <ReleaseSpace {...{ address, object, release }} />}
      >
        {manifest && <GitManifest manifest={manifest} changes />}
      </Section>
    )
  if (manifest === null)
    return (
      <Section
        title="Manage in Git"
        id="git"
        content="row"
        description="This space as a manifest, for Argo CD, Flux or kubectl."
        actions={
          <LinkButton href={`${spacePath(address, 'settings')}${address.cluster ? '&' : '?'}manifest=yes#git`}>
            Show the manifest
          </LinkButton>
        }
      />
    )
  return (
    <Section
      title="Manage in Git"
      id="git"
      content="row"
      description="This space as a manifest, for Argo CD, Flux or kubectl."
      more="Until its owner hands the space over to Git, the object changes nothing."
    >
      <GitManifest manifest={manifest} changes={false} />
      {mayDeclare && namespaces.length > 0 && (
        <ActionForm action={declare} label="Hand over to Git" className="mt-4 space-y-4 border-t pt-4">
          <SpaceFields space={address} />
          <SelectField
            label="Namespace of the object"
            name="namespace"
            className="max-w-80"
            options={namespaces.map((each) => ({ value: each, label: each }))}
            hint="From then on, these settings can only be changed in Git."
          />
          <FormActions>
            <SubmitButton>Hand over to Git</SubmitButton>
          </FormActions>
        </ActionForm>
      )}
      {mayDeclare && namespaces.length === 0 && (
        <p className="mt-4 text-muted text-sm">
          No namespace is connected to your account yet. Ask the operator to map one.
        </p>
      )}
    </Section>
  )
}

const ReleaseSpace = ({ address, object, release }: { address: SpaceAddress; object: string; release: FormAction }) => (
  <DialogButton label="Take back from Git" title={`Take ${address.name} back from Git?`}>
    <ActionForm action={release}>
      <SpaceFields space={address} />
      <p>
        From then on, <span className="wrap-anywhere font-mono">{object}</span> no longer changes this space, and
        settings and members are changed in the portal. The space stays as it is.
      </p>
      <DialogActions>
        <SubmitButton>Take back</SubmitButton>
      </DialogActions>
    </ActionForm>
  </DialogButton>
)
