//! Of node groups.

use crate::config::declare::later;

later! {
    /// Groups of nodes that nobody looks after.
    NODE_GROUP {
        "additionalVolumes": VOLUME "ami" "amiFamily" "asgMetricsCollection": METRICS_COLLECTION
        "asgSuspendProcesses" "availabilityZones" "bottlerocket": BOTTLEROCKET
        "capacityReservation": CAPACITY_RESERVATION "classicLoadBalancerNames" "clusterDNS" "containerRuntime"
        "cpuCredits" "desiredCapacity" "disableIMDSv1" "disablePodIMDS" "ebsOptimized" "efaEnabled"
        "enableDetailedMonitoring" "enclaveEnabled" "iam": NODE_GROUP_IAM
        "instanceMarketOptions": INSTANCE_MARKET_OPTIONS "instanceName" "instancePrefix"
        "instanceSelector": INSTANCE_SELECTOR "instanceType"
        "instancesDistribution": INSTANCES_DISTRIBUTION => "write `instanceTypes`, and `spot: true` for spot"
        "kubeletExtraConfig" "labels" "localZones" "maxInstanceLifetime" "maxPodsPerNode" "maxSize" "minSize"
        "name" "outpostARN" "overrideBootstrapCommand" "placement": PLACEMENT "preBootstrapCommands"
        "privateNetworking" "propagateASGTags" "securityGroups": SECURITY_GROUPS "ssh": SSH "subnets" "tags"
        "taints" "targetGroupARNs" "updateConfig": UPDATE_CONFIG "volumeEncrypted" "volumeIOPS"
        "volumeKmsKeyID" "volumeName" "volumeSize" "volumeThroughput" "volumeType"
    }
    /// The nodes' role.
    NODE_GROUP_IAM {
        "attachPolicy" "attachPolicyARNs" "instanceProfileARN" "instanceRoleARN" "instanceRoleName"
        "instanceRolePermissionsBoundary" "withAddonPolicies": ADDON_POLICIES
    }
    /// Policies for well-known add-ons, on the nodes' role.
    ADDON_POLICIES {
        "albIngress" = false "appMesh" = false "appMeshPreview" = false "autoScaler" = false
        "awsLoadBalancerController" = false "certManager" = false "cloudWatch" = false "ebs" = false
        "efs" = false "externalDNS" = false "fsx" = false "imageBuilder" = false "xRay" = false
    }
    /// Several instance types in one group, on demand and spot.
    INSTANCES_DISTRIBUTION {
        "capacityRebalance" "instanceTypes" "maxPrice" "onDemandBaseCapacity"
        "onDemandPercentageAboveBaseCapacity" "spotAllocationStrategy" "spotInstancePools"
    }
    /// Metrics of the Auto Scaling group.
    METRICS_COLLECTION { "granularity" "metrics" }
    /// How many nodes an update may take at once.
    UPDATE_CONFIG { "maxUnavailable" "maxUnavailablePercentage" }
    /// A further volume.
    VOLUME {
        "snapshotID" "volumeEncrypted" "volumeIOPS" "volumeKmsKeyID" "volumeName" "volumeSize"
        "volumeThroughput" "volumeType"
    }
    /// Settings of Bottlerocket.
    BOTTLEROCKET { "enableAdminContainer" = false "settings" }
    /// Capacity that was reserved.
    CAPACITY_RESERVATION {
        "capacityReservationPreference" "capacityReservationTarget": CAPACITY_RESERVATION_TARGET
    }
    /// Which capacity.
    CAPACITY_RESERVATION_TARGET { "capacityReservationID" "capacityReservationResourceGroupARN" }
    /// How capacity is bought.
    INSTANCE_MARKET_OPTIONS { "marketType" }
    /// Instance types by what they have.
    INSTANCE_SELECTOR { "allow" "cpuArchitecture" "deny" "gpus" "memory" "neuron_devices" "vCPUs" }
    /// A launch template that exists.
    LAUNCH_TEMPLATE { "id" "version" }
    /// Repair of nodes that are not well.
    NODE_REPAIR_CONFIG {
        "enabled" = false "maxParallelNodesRepairedCount" "maxParallelNodesRepairedPercentage"
        "maxUnhealthyNodeThresholdCount" "maxUnhealthyNodeThresholdPercentage"
        "nodeRepairConfigOverrides": NODE_REPAIR_CONFIG_OVERRIDE
    }
    /// Repair in one case.
    NODE_REPAIR_CONFIG_OVERRIDE {
        "minRepairWaitTimeMins" "nodeMonitoringCondition" "nodeUnhealthyReason" "repairAction"
    }
    /// Where instances stand to each other.
    PLACEMENT { "groupName" "spreadLevel" }
    /// Security groups of the nodes.
    SECURITY_GROUPS { "attachIDs" "withLocal" "withShared" }
    /// A way in to the nodes.
    SSH {
        "allow" = false "enableSsm" = true "publicKey" "publicKeyName" "publicKeyPath"
        "sourceSecurityGroupIds"
    }
}
