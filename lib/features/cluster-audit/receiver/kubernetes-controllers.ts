/**
 * The identities of Kubernetes' own control plane, Kubernetes 1.31 to 1.37. Their actions in spaces are not kept, so
 * each is identified by its name and its authentication, to prevent impersonation.
 */
import type { ClusterEvent } from './cluster-event.ts'

/** They authenticate with a client certificate or inside the API server, never with a token that has an id. */
const controlPlane: ReadonlySet<string> = new Set([
  'system:kube-controller-manager',
  'system:kube-scheduler',
  'system:apiserver',
])

/** The ServiceAccounts that kube-controller-manager uses (cmd/kube-controller-manager/app, `ControllerContext.NewClient`). */
const controllers: ReadonlySet<string> = new Set(
  [
    'attachdetach-controller',
    'bootstrap-signer',
    'certificate-controller',
    'clusterrole-aggregation-controller',
    'cronjob-controller',
    'daemon-set-controller',
    'deployment-controller',
    'device-taint-eviction-controller',
    'disruption-controller',
    'endpoint-controller',
    'endpointslice-controller',
    'endpointslicemirroring-controller',
    'ephemeral-volume-controller',
    'expand-controller',
    'generic-garbage-collector',
    'horizontal-pod-autoscaler',
    'job-controller',
    'kube-apiserver-serving-clustertrustbundle-publisher',
    'legacy-service-account-token-cleaner',
    'namespace-controller',
    'node-controller',
    'persistent-volume-binder',
    'pod-garbage-collector',
    'podcertificaterequestcleaner',
    'podgroup-protection-controller',
    'pv-protection-controller',
    'pvc-protection-controller',
    'replicaset-controller',
    'replication-controller',
    'resource-claim-controller',
    'resourcepoolstatusrequest-controller',
    'resourcequota-controller',
    'root-ca-cert-publisher',
    'route-controller',
    'selinux-warning-controller',
    'service-account-controller',
    'service-cidrs-controller',
    'service-controller',
    'statefulset-controller',
    'storage-version-garbage-collector',
    'storage-version-migrator-controller',
    'token-cleaner',
    'ttl-after-finished-controller',
    'ttl-controller',
    'validatingadmissionpolicy-status-controller',
    'volumeattributesclass-protection-controller',
  ].map((name) => `system:serviceaccount:kube-system:${name}`),
)

const isTokenWithId = ({ credential }: ClusterEvent): boolean => credential.startsWith('JTI=')

/** @returns whether it is the control plane or a node, under its own name */
export const isControlPlane = (event: ClusterEvent): boolean =>
  !isTokenWithId(event) &&
  (controlPlane.has(event.user) || (event.user.startsWith('system:node:') && event.groups.includes('system:nodes')))

/**
 * kube-controller-manager requests a one-hour token for each of its controllers from the API server (TokenRequest),
 * bound to nothing. A token from a Secret has no id, and a pod's token is bound to it.
 * @returns whether it may be one of its controllers; it isn't if the token was issued to another party
 */
export const isController = (event: ClusterEvent): boolean =>
  controllers.has(event.user) && isTokenWithId(event) && !event.ofPod && !event.ofNode
