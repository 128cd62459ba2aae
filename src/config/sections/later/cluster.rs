//! Of the control plane, and of what runs beside node groups.

use crate::config::declare::later;

use super::nodes::PLACEMENT;

later! {
    /// Nodes that EKS chooses and runs by itself.
    AUTO_MODE_CONFIG { "enabled" = false "nodePools" "nodeRoleARN" "permissionsBoundaryARN" }
    /// The size of the control plane.
    CONTROL_PLANE_SCALING_CONFIG { "tier" = standard }
    /// Pods without nodes.
    FARGATE_PROFILE {
        "name" "podExecutionRoleARN" "selectors": FARGATE_PROFILE_SELECTOR "status" "subnets" "tags"
    }
    /// Which pods.
    FARGATE_PROFILE_SELECTOR { "labels" "namespace" }
    /// A cluster that follows a repository.
    GITOPS { "flux": FLUX }
    /// Flux.
    FLUX { "flags" "gitProvider" }
    /// Nodes as they are needed.
    KARPENTER { "createServiceAccount" "defaultInstanceProfile" "version" "withSpotInterruptionQueue" }
    /// Settings of the API server.
    KUBE_API_SERVER_CONFIG { "eventTTL" "serviceNodePortRange": SERVICE_NODE_PORT_RANGE }
    /// Ports of services on nodes.
    SERVICE_NODE_PORT_RANGE { "maxPort" "minPort" }
    /// Settings of the controller manager.
    KUBE_CONTROLLER_MANAGER_CONFIG { "horizontalPodAutoscalerControllerConfig": POD_AUTOSCALER_CONFIG }
    /// Settings of the pod autoscaler.
    POD_AUTOSCALER_CONFIG { "horizontalPodAutoscalerSyncPeriod" }
    /// Settings of the scheduler.
    KUBE_SCHEDULER_CONFIG { "nodeResourcesFit": NODE_RESOURCES_FIT }
    /// How it weighs nodes.
    NODE_RESOURCES_FIT { "scoringStrategy": SCORING_STRATEGY }
    /// By what.
    SCORING_STRATEGY { "resources": RESOURCE_WEIGHT "type" }
    /// A resource and its weight.
    RESOURCE_WEIGHT { "name" "weight" }
    /// A cluster on an AWS Outpost.
    OUTPOST {
        "controlPlaneInstanceType" "controlPlaneOutpostARN" "controlPlanePlacement": PLACEMENT
        "etcdInstanceType" "etcdPlacement": PLACEMENT
    }
    /// A cluster without a way out to the internet.
    PRIVATE_CLUSTER { "additionalEndpointServices" "enabled" = false "skipEndpointCreation" = false }
    /// Nodes outside AWS.
    REMOTE_NETWORK_CONFIG {
        "iam": REMOTE_NODES_IAM "remoteNodeNetworks": REMOTE_NETWORK "remotePodNetworks": REMOTE_NETWORK
        "vpcGatewayID"
    }
    /// How they prove who they are.
    REMOTE_NODES_IAM { "caBundleCert" "provider" "roleARN" }
    /// Where they are.
    REMOTE_NETWORK { "cidrs" }
    /// Moving away from a zone that is not well.
    ZONAL_SHIFT_CONFIG { "enabled" = false }
    /// Taking back an upgrade.
    ROLLBACK_CONFIG { "timeoutMinutes" }
    /// Where an add-on's objects live.
    NAMESPACE_CONFIG { "namespace" }
}
