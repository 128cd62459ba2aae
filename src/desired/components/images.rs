//! Where the images of components come from.

use crate::config::{Component, ComponentName};

/// Where EKS keeps its images in a region: the account's number, and the regions that have it.
const ACCOUNTS: &[(&str, &[&str])] = &[
    (
        "602401143452",
        &[
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
            "ca-central-1",
            "sa-east-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "eu-north-1",
            "eu-central-1",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
        ],
    ),
    ("800184023465", &["ap-east-1"]),
    ("533267051163", &["ap-east-2"]),
    ("900889452093", &["ap-south-2"]),
    ("296578399912", &["ap-southeast-3"]),
    ("491585149902", &["ap-southeast-4"]),
    ("151610086707", &["ap-southeast-5"]),
    ("333609536671", &["ap-southeast-6"]),
    ("121268973566", &["ap-southeast-7"]),
    ("877085696533", &["af-south-1"]),
    ("761377655185", &["ca-west-1"]),
    ("900612956339", &["eu-central-2"]),
    ("590381155156", &["eu-south-1"]),
    ("455263428931", &["eu-south-2"]),
    ("066635153087", &["il-central-1"]),
    ("759879836304", &["me-central-1"]),
    ("558608220178", &["me-south-1"]),
    ("730335286997", &["mx-central-1"]),
    ("918309763551", &["cn-north-1"]),
    ("961992271922", &["cn-northwest-1"]),
    ("013241004608", &["us-gov-west-1"]),
    ("151742754352", &["us-gov-east-1"]),
    ("725322719131", &["us-iso-east-1"]),
    ("608367168043", &["us-iso-west-1"]),
    ("187977181151", &["us-isob-east-1"]),
    ("321162350305", &["us-isob-west-1"]),
    ("249663109785", &["eu-isoe-west-1"]),
    ("676585237158", &["us-isof-south-1"]),
    ("171035529773", &["us-isof-east-1"]),
];

/// What the names of hosts end in, by the beginning of a region's name.
const SUFFIXES: [(&str, &str); 5] = [
    ("cn-", "amazonaws.com.cn"),
    ("us-isob-", "sc2s.sgov.gov"),
    ("us-isof-", "csp.hci.ic.gov"),
    ("us-iso-", "c2s.ic.gov"),
    ("eu-isoe-", "cloud.adc-e.uk"),
];

/// Regions that do not reach the public registry of AWS.
const APART: [&str; 5] = ["cn-", "us-gov-", "us-iso", "eu-iso", "eusc-"];

/// The image of a version; nothing where the region's registry is not known and the file names none.
pub(super) fn image(component: &Component, version: &str, region: &str) -> Option<String> {
    let apart = APART.iter().any(|start| region.starts_with(start));
    let (public, repository) = match component.name.value {
        ComponentName::LoadBalancerController if apart => {
            (regional(region), "amazon/aws-load-balancer-controller")
        }
        ComponentName::LoadBalancerController => {
            (Some("public.ecr.aws".to_owned()), "eks/aws-load-balancer-controller")
        }
        ComponentName::ClusterAutoscaler => {
            (Some("registry.k8s.io".to_owned()), "autoscaling/cluster-autoscaler")
        }
        ComponentName::Coredns => (regional(region), "eks/coredns"),
        ComponentName::MetricsServer => (Some("registry.k8s.io".to_owned()), "metrics-server/metrics-server"),
        ComponentName::Storage => return None,
    };
    let written = component.image_registry.as_ref().map(|it| it.0.trim_end_matches('/').to_owned());
    Some(format!("{}/{repository}:{version}", written.or(public)?))
}

/// The registry of EKS in a region.
fn regional(region: &str) -> Option<String> {
    let (account, _) = ACCOUNTS.iter().find(|(_, regions)| regions.contains(&region))?;
    let suffix = SUFFIXES.iter().find(|(start, _)| region.starts_with(start));
    let suffix = suffix.map_or("amazonaws.com", |(_, suffix)| suffix);
    Some(format!("{account}.dkr.ecr.{region}.{suffix}"))
}

#[test]
fn images_come_from_where_the_region_gets_them() {
    let of = |name, region| {
        let mut component = Component::default();
        component.name.value = name;
        image(&component, "v1", region)
    };
    let controller = |region| of(ComponentName::LoadBalancerController, region);
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(controller("us-west-2"), said("public.ecr.aws/eks/aws-load-balancer-controller:v1"));
    assert_eq!(
        controller("cn-north-1"),
        said("918309763551.dkr.ecr.cn-north-1.amazonaws.com.cn/amazon/aws-load-balancer-controller:v1")
    );
    assert_eq!(controller("eusc-de-east-1"), None);
    assert_eq!(
        of(ComponentName::Coredns, "eu-south-2"),
        said("455263428931.dkr.ecr.eu-south-2.amazonaws.com/eks/coredns:v1")
    );
}
