/** A Kubernetes object as we write it. */
export type Manifest = {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    uid?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
  [field: string]: unknown
}

export type ObjectRef = { apiVersion: string; kind: string; namespace?: string; name: string }
