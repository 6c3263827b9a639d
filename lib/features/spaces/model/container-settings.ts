/** Where a variable’s value comes from; `value`: it is in the manifest, masked if it looks secret. */
export type VariableSource =
  | { from: 'value'; value: string }
  | { from: 'ConfigMap' | 'Secret'; name: string; key: string }
  | { from: 'field'; path: string }

export type Variable = { name: string; source: VariableSource }

/** All keys of a ConfigMap or Secret as variables. */
export type VariableSet = { from: 'ConfigMap' | 'Secret'; name: string; prefix: string }

/** How one container of a workload is set up: names, and no contents of other objects. */
export type ContainerSettings = {
  name: string
  init: boolean
  image: string
  /** Quantities; empty: the namespace’s default. */
  resources: { resource: string; request: string; limit: string }[]
  variables: Variable[]
  sets: VariableSet[]
}
