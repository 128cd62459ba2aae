use aws_sdk_eks::types::{self, LogType};

use super::{begun, trouble};
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::ec2::filter;
use crate::aws::ec2::network_interface::{in_group, leftovers};
use crate::aws::errors::lacking;
use crate::aws::live::{Named, attributes, live, moment, still_there, text};
use crate::aws::tags::{of_eks, to_eks};
use crate::resource::eks::{AccessConfig, AtCreation, AuthenticationMode, Cluster, ClusterUpdate};
use crate::resource::eks::{KubernetesNetworkConfig, ResourcesVpcConfig, UpgradePolicy};
use crate::resource::{Attributes, Key, Live, OneOf, Scalar, Set, Standing, Val};
use crate::world::{Answer, WorldError};

/// The call that reads it.
const DESCRIBE: &str = "eks:DescribeCluster";

/// The cluster of the name, if there is one, ours or not.
pub(in crate::aws) async fn read(aws: &Aws) -> Result<Option<Live>, WorldError> {
    let Some(cluster) = describe(aws).await? else { return Ok(None) };
    // What it stands in is kept for it, and so must not look as if nothing stood there.
    let subnets = cluster.resources_vpc_config().is_some_and(|it| !it.subnet_ids().is_empty());
    let told = [("subnetIds", subnets), ("roleArn", cluster.role_arn().is_some())];
    match told.into_iter().find(|(_, is_told)| !is_told) {
        Some((what, _)) => Err(lacking(DESCRIBE, what)),
        None => translated(&cluster).map(Some).ok_or_else(|| lacking(DESCRIBE, "its ARN")),
    }
}

/// The cluster of the name, and whose it is.
pub(in crate::aws) async fn named(aws: &Aws) -> Result<Named, WorldError> {
    Ok(whose(aws, read(aws).await?))
}

/// Whose what was read is.
pub(in crate::aws) fn whose(aws: &Aws, live: Option<Live>) -> Named {
    let Some(live) = live else { return Named::Absent };
    let arn = live.id.clone();
    aws.ours(Cluster::TYPE, None, [live]).pop().map_or(Named::Foreign(arn), Named::Ours)
}

/// What there is under one key, with what nodes have left behind, while no node needs it any more.
pub(in crate::aws) async fn look(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let item = named(aws).await?.ours().filter(|item| item.key == *key);
    let Some(mut live) = item.map(|item| item.live).transpose()? else { return Ok(Vec::new()) };
    let at_rest = matches!(live.standing(), Standing::Ready | Standing::Failed);
    if let Some(group) = live.attributes.get(SECURITY_GROUP).cloned().filter(|_| at_rest) {
        let interfaces = leftovers(aws, Some(filter("group-id", [&group]))).await?;
        live.leftovers = in_group(&interfaces, &group);
    }
    Ok(vec![live])
}

/// The attribute with the security group that EKS has made.
pub(in crate::aws) const SECURITY_GROUP: &str = "ClusterSecurityGroupId";

/// The cluster of the name, if there is one.
pub(in crate::aws) async fn describe(aws: &Aws) -> Result<Option<types::Cluster>, WorldError> {
    let told = aws.reads.eks.describe_cluster().name(&aws.cluster).send().await;
    let cluster = told
        .map_err(unread(DESCRIBE))
        .and_then(|told| told.cluster.ok_or_else(|| lacking(DESCRIBE, "the cluster")));
    still_there(cluster)
}

fn translated(cluster: &types::Cluster) -> Option<Live> {
    let keys = cluster.encryption_config().first().and_then(|it| it.provider());
    let properties = Cluster {
        name: text(cluster.name()),
        version: cluster.version().map(str::to_owned),
        role_arn: known(cluster.role_arn()),
        resources_vpc_config: vpc_config(cluster.resources_vpc_config()),
        kubernetes_network_config: network_config(cluster.kubernetes_network_config()),
        access_config: access_config(cluster.access_config()),
        logging: logging(cluster.logging()),
        encryption_config: keys.and_then(|it| it.key_arn()).map(str::to_owned),
        upgrade_policy: UpgradePolicy { support_type: support(cluster.upgrade_policy()) },
        deletion_protection: cluster.deletion_protection(),
        bootstrap_self_managed_addons: None,
        tags: of_eks(cluster.tags()),
    };
    let issues = cluster.health().map(|health| health.issues()).unwrap_or_default().iter();
    let told = issues.map(|it| trouble(it.code().map(types::ClusterIssueCode::as_str), it.message()));
    Some(Live {
        status: text(cluster.status().map(types::ClusterStatus::as_str)),
        made: moment(cluster.created_at()),
        troubles: told.collect(),
        ..live(properties, attributes_of(cluster))?
    })
}

fn known<T: Scalar>(value: Option<&str>) -> Val<T> {
    Val::Known(text(value).into())
}

fn vpc_config(config: Option<&types::VpcConfigResponse>) -> ResourcesVpcConfig {
    let subnets = config.map(|it| it.subnet_ids()).unwrap_or_default();
    let public = config.is_some_and(|it| it.endpoint_public_access());
    // EKS goes on telling from where a public endpoint could be reached that there is not.
    let cidrs = config.filter(|_| public).map(|it| it.public_access_cidrs()).unwrap_or_default();
    ResourcesVpcConfig {
        subnet_ids: subnets.iter().map(|id| known(Some(id))).collect(),
        endpoint_private_access: config.is_some_and(|it| it.endpoint_private_access()),
        endpoint_public_access: public,
        public_access_cidrs: Set(cidrs.to_vec()),
    }
}

fn network_config(config: Option<&types::KubernetesNetworkConfigResponse>) -> KubernetesNetworkConfig {
    let family = config.and_then(|it| it.ip_family()).unwrap_or(&types::IpFamily::Ipv4);
    KubernetesNetworkConfig {
        ip_family: family.as_str().to_owned(),
        service_ipv4_cidr: config.and_then(|it| it.service_ipv4_cidr()).map(str::to_owned),
    }
}

fn access_config(config: Option<&types::AccessConfigResponse>) -> AccessConfig {
    let told = config.and_then(|it| it.authentication_mode()).map(types::AuthenticationMode::as_str);
    let mode = AuthenticationMode::ALL.into_iter().find(|mode| Some(mode.word()) == told);
    AccessConfig {
        // What EKS had before it had the choice.
        authentication_mode: mode.unwrap_or(AuthenticationMode::ConfigMap),
        bootstrap_cluster_creator_admin_permissions: config
            .and_then(|it| it.bootstrap_cluster_creator_admin_permissions())
            .map(AtCreation),
    }
}

fn support(policy: Option<&types::UpgradePolicyResponse>) -> Option<String> {
    policy.and_then(|it| it.support_type()).map(|it| it.as_str().to_owned())
}

fn logging(logging: Option<&types::Logging>) -> Set<String> {
    let setups = logging.map(|it| it.cluster_logging()).unwrap_or_default();
    let enabled = setups.iter().filter(|setup| setup.enabled() == Some(true));
    enabled.flat_map(|setup| setup.types()).map(|kind| kind.as_str().to_owned()).collect()
}

fn attributes_of(cluster: &types::Cluster) -> Attributes {
    let vpc = cluster.resources_vpc_config();
    let issuer = cluster.identity().and_then(|it| it.oidc()).and_then(|it| it.issuer());
    attributes([
        ("Arn", cluster.arn()),
        ("Name", cluster.name()),
        ("Endpoint", cluster.endpoint()),
        ("CertificateAuthorityData", cluster.certificate_authority().and_then(|it| it.data())),
        (SECURITY_GROUP, vpc.and_then(|it| it.cluster_security_group_id())),
        ("VpcId", vpc.and_then(|it| it.vpc_id())),
        ("OpenIdConnectIssuerUrl", issuer),
        ("OpenIdConnectIssuer", issuer.map(Cluster::issuer)),
        ("Version", cluster.version()),
        ("PlatformVersion", cluster.platform_version()),
    ])
}

pub(super) async fn create(call: &Call<'_>, cluster: &Cluster) -> Result<Answer, WorldError> {
    let create = call.client().eks.create_cluster().name(&cluster.name);
    let create = create.role_arn(call.text(&cluster.role_arn)?);
    let create = create
        .set_version(cluster.version.clone())
        .resources_vpc_config(vpc_request(call, &cluster.resources_vpc_config)?)
        .kubernetes_network_config(network_request(&cluster.kubernetes_network_config))
        .access_config(access_request(&cluster.access_config))
        .set_logging((!cluster.logging.0.is_empty()).then(|| logging_request(&cluster.logging)))
        .set_encryption_config(cluster.encryption_config.as_deref().map(encryption_request))
        .set_upgrade_policy(cluster.upgrade_policy.support_type.as_deref().map(policy_request))
        .set_deletion_protection(cluster.deletion_protection)
        .set_bootstrap_self_managed_addons(cluster.bootstrap_self_managed_addons)
        .set_tags(to_eks(&cluster.tags));
    let answer = create.send().await.map_err(call.failed())?;
    Ok(made(answer.cluster().map(attributes_of).unwrap_or_default()))
}

fn vpc_request(call: &Call<'_>, config: &ResourcesVpcConfig) -> Result<types::VpcConfigRequest, WorldError> {
    let subnets = config.subnet_ids.0.iter().map(|id| call.text(id).map(str::to_owned));
    let request = types::VpcConfigRequest::builder()
        .set_subnet_ids(Some(subnets.collect::<Result<_, _>>()?))
        .endpoint_private_access(config.endpoint_private_access)
        .endpoint_public_access(config.endpoint_public_access);
    Ok(request.set_public_access_cidrs(cidrs(&config.public_access_cidrs)).build())
}

/// Where there is no public endpoint, nothing is said of who reaches it.
fn cidrs(cidrs: &Set<String>) -> Option<Vec<String>> {
    Some(cidrs.0.clone()).filter(|cidrs| !cidrs.is_empty())
}

fn network_request(config: &KubernetesNetworkConfig) -> types::KubernetesNetworkConfigRequest {
    types::KubernetesNetworkConfigRequest::builder()
        .ip_family(config.ip_family.as_str().into())
        .set_service_ipv4_cidr(config.service_ipv4_cidr.clone())
        .build()
}

fn access_request(config: &AccessConfig) -> types::CreateAccessConfigRequest {
    types::CreateAccessConfigRequest::builder()
        .authentication_mode(config.authentication_mode.word().into())
        .set_bootstrap_cluster_creator_admin_permissions(
            config.bootstrap_cluster_creator_admin_permissions.map(|AtCreation(it)| it),
        )
        .build()
}

fn policy_request(support_type: &str) -> types::UpgradePolicyRequest {
    types::UpgradePolicyRequest::builder().support_type(support_type.into()).build()
}

/// The types that are on, and that all others are off.
fn logging_request(wanted: &Set<String>) -> types::Logging {
    let all = LogType::values().iter().map(|kind| (*kind).to_owned());
    let (on, off): (Vec<_>, Vec<_>) = wanted
        .0
        .iter()
        .cloned()
        .chain(all.filter(|kind| !wanted.0.contains(kind)))
        .partition(|kind| wanted.0.contains(kind));
    let setup = |kinds: Vec<String>, enabled| {
        let kinds = kinds.iter().map(|kind| kind.as_str().into()).collect();
        types::LogSetup::builder().set_types(Some(kinds)).enabled(enabled).build()
    };
    let setups = [(on, true), (off, false)].into_iter().filter(|(kinds, _)| !kinds.is_empty());
    let setups = setups.map(|(kinds, enabled)| setup(kinds, enabled)).collect();
    types::Logging::builder().set_cluster_logging(Some(setups)).build()
}

#[expect(deprecated, reason = "EKS does not look at it any more, but who does as EKS did may")]
fn encryption_request(key: &str) -> Vec<types::EncryptionConfig> {
    let provider = types::Provider::builder().key_arn(key).build();
    vec![types::EncryptionConfig::builder().resources("secrets").provider(provider).build()]
}

pub(super) async fn update(
    call: &Call<'_>,
    name: &str,
    update: &ClusterUpdate,
) -> Result<Answer, WorldError> {
    let send = call.client().eks.update_cluster_config().name(name);
    let send = match update {
        ClusterUpdate::LoggingUpdate(types) => send.logging(logging_request(types)),
        ClusterUpdate::EndpointAccessUpdate(access) => send.resources_vpc_config(
            types::VpcConfigRequest::builder()
                .endpoint_private_access(access.endpoint_private_access)
                .endpoint_public_access(access.endpoint_public_access)
                .set_public_access_cidrs(cidrs(&access.public_access_cidrs))
                .build(),
        ),
        ClusterUpdate::AccessConfigUpdate(mode) => send.access_config(
            types::UpdateAccessConfigRequest::builder().authentication_mode(mode.word().into()).build(),
        ),
        ClusterUpdate::UpgradePolicyUpdate(support_type) => send.upgrade_policy(policy_request(support_type)),
        ClusterUpdate::DeletionProtectionUpdate(protected) => send.deletion_protection(*protected),
    };
    let answer = send.send().await.map_err(call.failed())?;
    Ok(begun(answer.update()))
}

pub(super) async fn delete(call: &Call<'_>, name: &str) -> Result<Answer, WorldError> {
    call.client().eks.delete_cluster().name(name).send().await.map(|_| done()).map_err(call.failed())
}
