import { TextField } from '#components/ui/form/text-field.tsx'

/** The owner's name for a kubeconfig, to recognise it later. */
export const NameField = () => (
  <TextField label="Name" name="name" optional maxLength={60} placeholder="laptop" className="w-48 max-sm:w-full" />
)
