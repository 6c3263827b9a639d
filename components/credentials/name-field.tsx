import { TextField } from '#components/ui/form/text-field.tsx'

/** What a kubeconfig is called, so that its owner knows later which one it is. */
export const NameField = () => (
  <TextField label="Name" name="name" optional maxLength={60} placeholder="laptop" className="w-48 max-sm:w-full" />
)
