/**
 * @param path of the Kubernetes API, as in `KubeRequest`
 * @returns its resource, without names: `pods`, `pods/log`, `namespaces`; `other`: not a resource
 */
export function resourceOf(path: string): string {
  const [root, ...segments] = path.split('/').filter(Boolean)
  const behindVersion = root === 'api' ? segments.slice(1) : root === 'apis' ? segments.slice(2) : []
  const inNamespace = behindVersion[0] === 'namespaces' && behindVersion.length > 2
  const [resource, , subresource] = inNamespace ? behindVersion.slice(2) : behindVersion
  if (resource === undefined) return 'other'
  return subresource === undefined ? resource : `${resource}/${subresource}`
}
