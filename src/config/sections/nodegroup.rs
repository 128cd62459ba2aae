//! Groups of nodes that EKS looks after.

use crate::config::declare::{choice, section, text};
use crate::config::place::Span;
use crate::config::sections::later::nodes::{
    BOTTLEROCKET, CAPACITY_RESERVATION, INSTANCE_MARKET_OPTIONS, INSTANCE_SELECTOR, LAUNCH_TEMPLATE,
    NODE_REPAIR_CONFIG, PLACEMENT, SECURITY_GROUPS, SSH, VOLUME,
};
use crate::config::sections::nodegroup_iam::{NodeGroupIam, policies_that_pods_reach};
use crate::config::sections::nodegroup_rules as rules;
use crate::config::sections::taints::Taint;
use crate::config::sections::vpc::Zone;
use crate::config::sections::{label_rules, tag_rules, volume_rules};
use crate::config::value::{Form, Int, List, Map, Part};

section! {
    /// A managed node group.
    pub struct ManagedNodeGroup {
        /// Unique in the file.
        "name"              name:               NodeGroupName,
        /// Image that the nodes start from.
        "amiFamily"         ami_family:         AmiFamily = AmazonLinux2023,
        /// One EC2 instance type; m5.large if neither this nor `instanceTypes` is written.
        "instanceType"      instance_type:      InstanceType = _,
        /// Several, for capacity or price.
        "instanceTypes"     instance_types:     List<InstanceType> = _,
        /// Spare EC2 capacity: cheap, and taken back at two minutes' notice.
        "spot"              spot:               bool = false,
        /// Fewest nodes. `desiredCapacity` if left open, and 2 if that is open, too.
        "minSize"           min_size:           Size = _,
        /// Most nodes. `desiredCapacity` if left open, then `minSize`, and 1 at least.
        "maxSize"           max_size:           MaxSize = _,
        /// Nodes at first. `minSize` if left open.
        "desiredCapacity"   desired_capacity:   Size = _,
        /// Size of the root volume in GiB.
        "volumeSize"        volume_size:        Int<1, 16384> = 80,
        /// Kind of the root volume.
        "volumeType"        volume_type:        VolumeType = gp3,
        /// Device name of the root volume. The image's own if left open.
        "volumeName"        volume_name:        DeviceName = _,
        /// Operations a second of the root volume.
        "volumeIOPS"        volume_iops:        Int<100, 256000> = _,
        /// Throughput of the root volume in MiB/s.
        "volumeThroughput"  volume_throughput:  Int<125, 1000> = _,
        /// Encrypt the root volume.
        "volumeEncrypted"   volume_encrypted:   bool = { eksctl: false, eksact: true },
        /// The KMS key for it: id, alias or ARN. AWS's own if left open.
        "volumeKmsKeyID"    volume_kms_key_id:  KeyName = _,
        /// Labels of the nodes.
        "labels"            labels:             Map<String>,
        /// Taints of the nodes.
        "taints"            taints:             List<Taint>,
        /// Tags of the node group, its instances and volumes.
        "tags"              tags:               Map<String>,
        /// Nodes without public addresses, in private subnets.
        "privateNetworking" private_networking: bool = { eksctl: false, eksact: true },
        /// Only these zones.
        "availabilityZones" availability_zones: List<Zone> = _,
        /// Only these subnets: ids, or names under `vpc.subnets`.
        "subnets"           subnets:            List<SubnetName> = _,
        /// How many nodes an update may take at once.
        "updateConfig"      update_config:      UpdateConfig,
        /// What the nodes may do in AWS.
        "iam"               iam:                NodeGroupIam,
        /// The old, unsafe way to the instance's credentials (IMDSv1) is closed.
        "disableIMDSv1"     disable_imds_v1:    bool = true,
        /// Pods do not reach the node's credentials.
        "disablePodIMDS"    disable_pod_imds:   bool = { eksctl: false, eksact: true },
    }
    not yet {
        "additionalVolumes": VOLUME "ami" "asgSuspendProcesses" "bottlerocket": BOTTLEROCKET
        "capacityReservation": CAPACITY_RESERVATION "ebsOptimized" "efaEnabled" = false
        "enableDetailedMonitoring" = false
        "instanceMarketOptions": INSTANCE_MARKET_OPTIONS "instanceName" "instancePrefix"
        "instanceSelector": INSTANCE_SELECTOR "launchTemplate": LAUNCH_TEMPLATE "maxPodsPerNode"
        "nodeRepairConfig": NODE_REPAIR_CONFIG "outpostARN" "overrideBootstrapCommand" "placement": PLACEMENT
        "preBootstrapCommands" "propagateASGTags" = false "releaseVersion" "securityGroups": SECURITY_GROUPS
        "ssh": SSH => "remove it to go on; sessions of SSM are then the way in"
    }
    rules {
        rules::min_below_max, rules::default_min_below_max, rules::desired_between,
        rules::one_way_to_choose_types, rules::not_too_many_types, rules::zones_or_subnets,
        rules::update_within_size, volume_rules::volume_speed, volume_rules::volume_iops_in_range,
        volume_rules::starts_from_it, volume_rules::key_needs_encryption, label_rules::reserved_labels,
        label_rules::well_formed_labels, label_rules::well_formed_taints, tag_rules::of_a_group, policies_that_pods_reach
    }
}

section! {
    /// How many nodes an update may take at once: a number, or a percentage.
    pub struct UpdateConfig {
        /// A number of nodes.
        "maxUnavailable"           max_unavailable:            Int<1, 100> = _,
        /// A share of the group.
        "maxUnavailablePercentage" max_unavailable_percentage: Int<1, 100> = _,
    }
    rules { rules::number_or_percentage }
}

/// A number of nodes in one group.
pub type Size = Int<0, 450>;
/// The most that there may be: EKS wants room for one.
pub type MaxSize = Int<1, 450>;

choice! {
    /// Families of images.
    pub enum AmiFamily {
        "AmazonLinux2023" AmazonLinux2023,
    }
    not yet {
        "AmazonLinux2" "Bottlerocket" "BottlerocketFips" "Ubuntu1804" "Ubuntu2004" "Ubuntu2204" "Ubuntu2404"
        "Ubuntu2604" "UbuntuPro2004" "UbuntuPro2204" "UbuntuPro2404" "UbuntuPro2604"
        "WindowsServer2019CoreContainer" "WindowsServer2019FullContainer" "WindowsServer2022CoreContainer"
        "WindowsServer2022FullContainer" "WindowsServer2025CoreContainer" "WindowsServer2025FullContainer"
    }
}

choice! {
    /// EBS volume types.
    pub enum VolumeType { "gp3" Gp3, "gp2" Gp2, "io1" Io1, "io2" Io2, "sc1" Sc1, "st1" St1, }
}

text! {
    /// A node group's name; EKS and CloudFormation agree on this form.
    pub struct NodeGroupName = Form {
        what: "a node group name", says: "a letter, then letters, digits and `-`; 63 at most",
        parts: &[Part::Of("a-zA-Z", 1, 1), Part::Of("a-zA-Z0-9-", 0, 62)],
    };
    /// Such as `m5.large`.
    pub struct InstanceType = Form {
        what: "an instance type", says: "such as `m5.large`",
        parts: &[
            Part::Of("a-z", 1, 4), Part::Of("a-z0-9-", 1, 20), Part::Is("."), Part::Of("a-z0-9-", 3, 20),
        ],
    };
    /// Such as `/dev/xvda`.
    pub struct DeviceName = Form {
        what: "a device name", says: "such as `/dev/xvda`",
        parts: &[Part::Is("/dev/"), Part::Of("a-z0-9", 2, 20)],
    };
    /// Such as `alias/nodes`.
    pub struct KeyName = Form {
        what: "a KMS key", says: "its id, its ARN, or its alias, such as `alias/nodes`",
        parts: &[Part::Of("a-zA-Z0-9:/_-", 1, 2048)],
    };
    /// Such as `subnet-0b2512f8c6ae9bf30`, or `private-one`.
    pub struct SubnetName = Form {
        what: "a subnet", says: "its id, or its name under `vpc.subnets`",
        parts: &[Part::Of("a-zA-Z0-9._-", 1, 255)],
    };
}

/// How many nodes a group has, and may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    pub min: u32,
    pub desired: u32,
    pub max: u32,
}

/// What nodes are where the file names no type.
const USUAL_TYPE: &str = "m5.large";

impl ManagedNodeGroup {
    /// The instance types, at least one.
    pub fn types(&self) -> Vec<&str> {
        let several = self.instance_types.iter().flat_map(|types| types.iter()).map(|name| name.0.as_str());
        let types: Vec<&str> = self.instance_type.iter().map(|name| name.0.as_str()).chain(several).collect();
        if types.is_empty() { vec![USUAL_TYPE] } else { types }
    }

    /// Where the types are written, in the same order; nothing for the usual one.
    pub fn type_places(&self) -> impl Iterator<Item = Span> {
        let several = self.instance_types.iter().flat_map(|types| types.iter()).map(|name| name.span);
        self.instance_type.iter().map(|name| name.span).chain(several)
    }

    /// Operations a second and MiB/s of the root volume, where its type has them: as written, or as usual.
    pub fn volume_speed(&self) -> (Option<u32>, Option<u32>) {
        let (iops, throughput) = match self.volume_type.value {
            VolumeType::Gp3 => (Some(3000), Some(125)),
            VolumeType::Io1 | VolumeType::Io2 => (Some(100), None),
            VolumeType::Gp2 | VolumeType::Sc1 | VolumeType::St1 => (None, None),
        };
        let written = (self.volume_iops.as_ref(), self.volume_throughput.as_ref());
        (written.0.map(|n| n.count()).or(iops), written.1.map(|n| n.count()).or(throughput))
    }

    /// The sizes with what follows from those that are written.
    pub fn sizes(&self) -> Sizes {
        let (min, max) =
            (self.min_size.as_ref().map(|n| n.count()), self.max_size.as_ref().map(|n| n.count()));
        let desired = self.desired_capacity.as_ref().map(|n| n.count());
        let least = min.or(desired).unwrap_or(2);
        let most = max.unwrap_or_else(|| desired.unwrap_or(least).max(1));
        Sizes { min: least, desired: desired.unwrap_or(least), max: most }
    }
}

#[cfg(test)]
#[path = "nodegroup_tests.rs"]
mod tests;
