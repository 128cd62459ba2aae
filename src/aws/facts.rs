//! What AWS has besides the cluster.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{self, ArchitectureType, AvailabilityZoneState, LocationType};
use aws_sdk_eks::types as eks;
use futures::future::{try_join, try_join_all};
use futures::{FutureExt, try_join};

use super::Aws;
use super::call::unread;
use super::ec2::filter;
use super::live::{moment, still_there, text};
use super::tags::of_ec2;
use crate::cluster::{
    AddonIdentity, AddonVersion, Architecture, Ask, Caller, Facts, GivenSubnet, InstanceType,
};
use crate::cluster::{KubernetesVersion, Timestamp, Zone};
use crate::world::{Class, WorldError};

/// Zones in which EKS has no control planes, by the id that is the same in every account.
const WITHOUT_EKS: [&str; 3] = ["use1-az3", "usw1-az2", "cac1-az3"];

/// Asks for all at once, and for nothing that nobody wants to know.
pub(super) async fn ask(aws: &Aws, ask: &Ask) -> Result<Facts, WorldError> {
    let (caller, zones, versions, (addons, addon_identities), instance_types, (subnets, vpc_cidr), roles) = try_join!(
        caller(aws).boxed(),
        zones(aws).boxed(),
        versions(aws).boxed(),
        addons(aws, ask).boxed(),
        instance_types(aws, &ask.instance_types).boxed(),
        network(aws, ask).boxed(),
        roles(aws, &ask.roles).boxed(),
    )?;
    let (now, region) = (Timestamp::now(), aws.region.clone());
    Ok(Facts {
        now,
        caller,
        region,
        zones,
        versions,
        addons,
        addon_identities,
        instance_types,
        subnets,
        vpc_cidr,
        roles,
        // Which images are wanted is known once there is a plan.
        releases: BTreeMap::new(),
    })
}

pub(super) async fn caller(aws: &Aws) -> Result<Caller, WorldError> {
    let told = aws.reads.sts.get_caller_identity().send().await.map_err(unread("sts:GetCallerIdentity"))?;
    Ok(Caller { account: text(told.account()), arn: text(told.arn()) })
}

async fn zones(aws: &Aws) -> Result<Vec<Zone>, WorldError> {
    let told = aws.reads.ec2.describe_availability_zones().send().await;
    let told = told.map_err(unread("ec2:DescribeAvailabilityZones"))?;
    let zones = told.availability_zones().iter().filter(|zone| can_have_clusters(zone));
    let mut zones: Vec<Zone> =
        zones.map(|zone| Zone { name: text(zone.zone_name()), id: text(zone.zone_id()) }).collect();
    zones.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(zones)
}

fn can_have_clusters(zone: &types::AvailabilityZone) -> bool {
    use types::AvailabilityZoneOptInStatus::NotOptedIn;
    zone.zone_type().is_none_or(|kind| kind == "availability-zone")
        && zone.state().is_none_or(|state| *state == AvailabilityZoneState::Available)
        && zone.opt_in_status() != Some(&NotOptedIn)
        && zone.zone_id().is_none_or(|id| !WITHOUT_EKS.contains(&id))
}

/// The versions of Kubernetes that EKS offers; none, where it does not tell.
async fn versions(aws: &Aws) -> Result<Vec<KubernetesVersion>, WorldError> {
    let told = aws.reads.eks.describe_cluster_versions().into_paginator().items().send();
    let told: Result<Vec<eks::ClusterVersionInformation>, _> = told.try_collect().await;
    let told = match told.map_err(unread("eks:DescribeClusterVersions")) {
        Ok(told) => told,
        // AWS tells whoever may ask. Other endpoints may not know the call; who names a version can do without.
        Err(error) if matches!(error.class, Class::Refused | Class::NotFound) => Vec::new(),
        Err(error) => return Err(error),
    };
    let version = |it: &eks::ClusterVersionInformation| {
        Some(KubernetesVersion {
            version: it.cluster_version()?.to_owned(),
            default: it.default_version(),
            standard_until: moment(it.end_of_standard_support_date()),
        })
    };
    Ok(told.iter().filter_map(version).collect())
}

type Addons = BTreeMap<String, Vec<AddonVersion>>;
type Identities = BTreeMap<String, Vec<AddonIdentity>>;

/// Their versions, and the roles that AWS recommends for those of which it is asked.
async fn addons(aws: &Aws, ask: &Ask) -> Result<(Addons, Identities), WorldError> {
    let one = async |name: &String| {
        let versions = addon_versions(aws, name).await?;
        let newest = versions.first().filter(|_| ask.addon_identities.contains(name));
        let identities = match newest {
            Some(newest) => Some((name.clone(), identities(aws, name, &newest.version).await?)),
            None => None,
        };
        Ok::<_, WorldError>(((name.clone(), versions), identities))
    };
    let all = try_join_all(ask.addons.iter().map(one)).await?;
    let (addons, identities): (Addons, Vec<_>) = all.into_iter().unzip();
    Ok((addons, identities.into_iter().flatten().collect()))
}

async fn identities(aws: &Aws, name: &str, version: &str) -> Result<Vec<AddonIdentity>, WorldError> {
    let describe = aws.reads.eks.describe_addon_configuration().addon_name(name).addon_version(version);
    let told = describe.send().await.map_err(unread("eks:DescribeAddonConfiguration"))?;
    let identity = |it: &eks::AddonPodIdentityConfiguration| {
        let policies = it.recommended_managed_policies().to_vec();
        Some(AddonIdentity { service_account: it.service_account()?.to_owned(), policies })
    };
    Ok(told.pod_identity_configuration().iter().filter_map(identity).collect())
}

/// The versions of an add-on, newest first; none, if EKS does not know it.
pub(super) async fn addon_versions(aws: &Aws, name: &str) -> Result<Vec<AddonVersion>, WorldError> {
    let told = aws.reads.eks.describe_addon_versions().addon_name(name).into_paginator().items().send();
    let told: Result<Vec<eks::AddonInfo>, _> = told.try_collect().await;
    let told = match told.map_err(unread("eks:DescribeAddonVersions")) {
        Ok(told) => told,
        // The name is all that it was asked for.
        Err(error) if matches!(error.class, Class::NotFound) || error.code == "InvalidParameterException" => {
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    let its = told.iter().filter(|info| info.addon_name() == Some(name));
    let mut versions: Vec<_> = its.flat_map(|info| info.addon_versions()).filter_map(addon_version).collect();
    versions.sort_by_cached_key(|it| std::cmp::Reverse(numbers(&it.version)));
    Ok(versions)
}

fn addon_version(info: &eks::AddonVersionInfo) -> Option<AddonVersion> {
    let fits = info.compatibilities().iter();
    let fits = fits.filter_map(|it| Some((it.cluster_version()?.to_owned(), it.default_version())));
    Some(AddonVersion { version: info.addon_version()?.to_owned(), kubernetes: fits.collect() })
}

/// The numbers in a version, in the order in which they count: `v1.20.4-eksbuild.10` is 1, 20, 4, 10.
fn numbers(version: &str) -> Vec<u64> {
    version.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

async fn instance_types(
    aws: &Aws,
    names: &BTreeSet<String>,
) -> Result<BTreeMap<String, InstanceType>, WorldError> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (types, zones) = try_join(described(aws, names), offerings(aws, names)).await?;
    let with_zones = |(name, it): (String, InstanceType)| {
        let zones = zones.get(&name).cloned().unwrap_or_default();
        (name, InstanceType { zones, ..it })
    };
    Ok(types.into_iter().map(with_zones).collect())
}

/// What they are; where they can be had is another list.
async fn described(aws: &Aws, names: &BTreeSet<String>) -> Result<Vec<(String, InstanceType)>, WorldError> {
    // By a filter, so that one that does not exist is absent and not an error.
    let describe = aws.reads.ec2.describe_instance_types().filters(filter("instance-type", names));
    let told: Result<Vec<types::InstanceTypeInfo>, _> =
        describe.into_paginator().items().send().try_collect().await;
    let told = told.map_err(unread("ec2:DescribeInstanceTypes"))?;
    let known = |it: &types::InstanceTypeInfo| {
        let (architecture, vcpus, addresses) = (architecture(it), vcpus(it), addresses(it));
        let zones = BTreeSet::new();
        Some((
            it.instance_type()?.as_str().to_owned(),
            InstanceType { architecture, vcpus, addresses, zones },
        ))
    };
    Ok(told.iter().filter_map(known).collect())
}

fn vcpus(info: &types::InstanceTypeInfo) -> u32 {
    let told = info.v_cpu_info().and_then(|it| it.default_v_cpus());
    told.and_then(|it| u32::try_from(it).ok()).unwrap_or_default()
}

fn addresses(info: &types::InstanceTypeInfo) -> Option<u32> {
    let network = info.network_info()?;
    let (interfaces, each) = (network.maximum_network_interfaces()?, network.ipv4_addresses_per_interface()?);
    u32::try_from(interfaces.checked_mul(each)?).ok().filter(|addresses| *addresses > 0)
}

fn architecture(info: &types::InstanceTypeInfo) -> Architecture {
    let supported = info.processor_info().map(|it| it.supported_architectures()).unwrap_or_default();
    let arm = supported.contains(&ArchitectureType::Arm64);
    let gpus = info.gpu_info().map(|it| it.gpus()).unwrap_or_default();
    let nvidia =
        gpus.iter().any(|gpu| gpu.manufacturer().is_some_and(|it| it.eq_ignore_ascii_case("nvidia")));
    if info.neuron_info().is_some() || info.inference_accelerator_info().is_some() {
        return Architecture::Neuron;
    }
    match (arm, nvidia) {
        (false, false) => Architecture::X86,
        (true, false) => Architecture::Arm,
        (false, true) => Architecture::X86Nvidia,
        (true, true) => Architecture::ArmNvidia,
    }
}

async fn offerings(
    aws: &Aws,
    names: &BTreeSet<String>,
) -> Result<BTreeMap<String, BTreeSet<String>>, WorldError> {
    let describe = aws.reads.ec2.describe_instance_type_offerings();
    let describe = describe.location_type(LocationType::AvailabilityZone);
    let describe = describe.filters(filter("instance-type", names));
    let told: Result<Vec<types::InstanceTypeOffering>, _> =
        describe.into_paginator().items().send().try_collect().await;
    let mut offerings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for offering in told.map_err(unread("ec2:DescribeInstanceTypeOfferings"))? {
        if let (Some(kind), Some(zone)) = (offering.instance_type, offering.location) {
            offerings.entry(kind.as_str().to_owned()).or_default().insert(zone);
        }
    }
    Ok(offerings)
}

type Subnets = BTreeMap<String, GivenSubnet>;

/// The subnets, and the range of their VPC or of the one that is named.
async fn network(aws: &Aws, ask: &Ask) -> Result<(Subnets, Option<String>), WorldError> {
    if let Some(vpc) = &ask.vpc {
        return try_join(subnets(aws, &ask.subnets), vpc_cidr(aws, vpc)).await;
    }
    let subnets = subnets(aws, &ask.subnets).await?;
    let cidr = match subnets.values().next() {
        Some(subnet) => vpc_cidr(aws, &subnet.vpc_id).await?,
        None => None,
    };
    Ok((subnets, cidr))
}

async fn subnets(aws: &Aws, ids: &BTreeSet<String>) -> Result<Subnets, WorldError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let describe = aws.reads.ec2.describe_subnets().filters(filter("subnet-id", ids));
    let told: Result<Vec<types::Subnet>, _> = describe.into_paginator().items().send().try_collect().await;
    let given = |it: &types::Subnet| {
        let (vpc_id, zone) = (text(it.vpc_id()), text(it.availability_zone()));
        let free = it.available_ip_address_count().and_then(|it| u32::try_from(it).ok());
        let (cidr, tags) = (text(it.cidr_block()), of_ec2(it.tags()).0);
        Some((it.subnet_id()?.to_owned(), GivenSubnet { vpc_id, zone, cidr, free, tags }))
    };
    Ok(told.map_err(unread("ec2:DescribeSubnets"))?.iter().filter_map(given).collect())
}

async fn vpc_cidr(aws: &Aws, id: &str) -> Result<Option<String>, WorldError> {
    let told = aws.reads.ec2.describe_vpcs().filters(filter("vpc-id", [id])).send().await;
    let told = told.map_err(unread("ec2:DescribeVpcs"))?;
    Ok(told.vpcs().first().and_then(|vpc| vpc.cidr_block()).map(str::to_owned))
}

async fn roles(aws: &Aws, arns: &BTreeSet<String>) -> Result<BTreeSet<String>, WorldError> {
    let roles = try_join_all(arns.iter().map(|arn| role(aws, arn))).await?;
    Ok(roles.into_iter().flatten().collect())
}

/// The ARN of a role, if there is one of exactly that ARN.
async fn role(aws: &Aws, arn: &str) -> Result<Option<String>, WorldError> {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    let told = aws.reads.iam.get_role().role_name(name).send().await.map_err(unread("iam:GetRole"));
    let role = still_there(told)?.and_then(|told| told.role);
    Ok(role.map(|role| role.arn).filter(|its| its == arn))
}

#[test]
fn versions_are_ordered_by_their_numbers() {
    let mut versions =
        ["v1.9.3-eksbuild.7", "v1.20.4-eksbuild.2", "v1.20.4-eksbuild.10", "v1.20.4", "v2.0.0"];
    versions.sort_by_cached_key(|version| std::cmp::Reverse(numbers(version)));
    assert_eq!(
        versions,
        ["v2.0.0", "v1.20.4-eksbuild.10", "v1.20.4-eksbuild.2", "v1.20.4", "v1.9.3-eksbuild.7"]
    );
}
