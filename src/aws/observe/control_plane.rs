use std::collections::BTreeSet;

use futures::future::join_all;
use futures::{FutureExt, join};

use super::sight::Sight;
use crate::aws::Aws;
use crate::aws::ec2::network_interface::in_group;
use crate::aws::eks::cluster::SECURITY_GROUP;
use crate::aws::eks::{access_entry, addon, cluster, fargate_profile, nodegroup, pod_identity_association};
use crate::aws::guests::Surroundings;
use crate::aws::iam::oidc_provider;
use crate::aws::live::{Item, Listed, Named};
use crate::aws::logs::log_group;
use crate::resource::eks::{AuthenticationMode, Cluster, Nodegroup};
use crate::resource::iam::RoleArn;
use crate::resource::{Key, Live, OneOf, Type, Val};
use crate::world::{Class, Found, Names, WorldError};

/// What of the cluster's is EKS's.
pub(super) struct ControlPlane {
    cluster: Result<Named, WorldError>,
    stranger: Option<Live>,
    nodegroups: Result<Nodegroups, WorldError>,
    addons: Listed,
    access_entries: Listed,
    identities: Result<(Vec<Item>, Held), WorldError>,
    providers: Result<Vec<Live>, WorldError>,
    log_group: Option<Listed>,
    fargate_profiles: Vec<String>,
}

/// What somebody else holds that the graph names, by its key and ARN.
type Held = Vec<(Key, String)>;

/// The node groups in the cluster.
#[derive(Default)]
struct Nodegroups {
    ours: Vec<Item>,
    others: Vec<Live>,
}

impl ControlPlane {
    pub async fn read(aws: &Aws, names: &Names) -> Self {
        let (cluster, nodegroups, addons, access_entries, identities, providers, log_group, fargate_profiles) = join!(
            cluster::read(aws).boxed(),
            nodegroups(aws, names).boxed(),
            addons(aws, names).boxed(),
            access_entries(aws, names).boxed(),
            pod_identity_association::all(aws).boxed(),
            oidc_provider::all(aws).boxed(),
            log_group(aws, names).boxed(),
            fargate_profile::names(aws).boxed(),
        );
        // They are nobody's but other people's: without the right to list them they are not named.
        let fargate_profiles = fargate_profiles.unwrap_or_default();
        let identities = identities.map(|all| associations(aws, names, all));
        let told = cluster.as_ref().ok().cloned().flatten();
        let cluster = cluster.map(|live| cluster::whose(aws, live));
        let stranger = told.filter(|_| matches!(cluster, Ok(Named::Foreign(_))));
        Self {
            cluster,
            stranger,
            nodegroups,
            addons,
            access_entries,
            identities,
            providers,
            log_group,
            fargate_profiles,
        }
    }

    /// The cluster of the name, if it is not ours.
    pub fn stranger(&self) -> Option<&Live> {
        self.stranger.as_ref()
    }

    /// The cluster, if it is ours.
    pub fn cluster(&self) -> Option<&Live> {
        if let Ok(Named::Ours(item)) = &self.cluster { item.live.as_ref().ok() } else { None }
    }

    /// Who says what its service accounts are, if it is ours and EKS tells.
    fn issuer(&self) -> Option<&str> {
        self.cluster()?.attributes.get("OpenIdConnectIssuerUrl").map(String::as_str)
    }

    /// Whether there is none of the name, ours or not.
    pub fn is_absent(&self) -> bool {
        matches!(self.cluster, Ok(Named::Absent))
    }

    /// Node groups in the cluster that are not ours.
    pub fn strange_nodegroups(&self) -> &[Live] {
        self.nodegroups.as_ref().map_or(&[], |groups| &groups.others)
    }

    /// Fargate profiles in the cluster.
    pub fn fargate_profiles(&self) -> &[String] {
        &self.fargate_profiles
    }

    /// Whether node roles must lie at the root: the aws-auth map of the cluster does not know paths.
    pub fn has_roles_at_the_root(&self) -> bool {
        let cluster = self.cluster().and_then(|live| Cluster::of(&live.properties));
        cluster.is_some_and(|it| it.access_config.authentication_mode == AuthenticationMode::ConfigMap)
    }

    /// The ARNs of the roles that are in use.
    pub fn role_arns(&self) -> BTreeSet<&str> {
        let cluster = self.cluster().and_then(|live| Cluster::of(&live.properties)).map(|it| &it.role_arn);
        let groups = self.nodegroups.iter().flat_map(|groups| &groups.ours);
        let groups = groups.filter_map(|item| Nodegroup::of(&item.live.as_ref().ok()?.properties));
        let arns = cluster.into_iter().chain(groups.map(|group| &group.node_role));
        arns.filter_map(Val::known).map(|RoleArn(arn)| arn.as_str()).collect()
    }

    /// The same, with what nodes have left behind.
    pub fn with_leftovers(mut self, around: &Surroundings) -> Self {
        if let Ok(Named::Ours(Item { live: Ok(live), .. })) = &mut self.cluster {
            let group = live.attributes.get(SECURITY_GROUP);
            live.leftovers = group.map(|group| in_group(&around.leftovers, group)).unwrap_or_default();
        }
        self
    }

    pub fn tell(self, aws: &Aws, names: &Names, sight: &mut Sight) {
        // They go with their cluster: without one there are none, whether or not they could be listed.
        let (is_absent, issuer) = (self.is_absent(), self.issuer().map(str::to_owned));
        let inside = |listed: Listed| if is_absent { Ok(Vec::new()) } else { listed };
        sight.listed(Type::AccessEntry, inside(self.access_entries));
        let (identities, held) = match self.identities {
            Ok((ours, held)) => (Ok(ours), held),
            Err(_) if is_absent => (Ok(Vec::new()), Vec::new()),
            Err(error) => (Err(error), Vec::new()),
        };
        sight.listed(Type::PodIdentityAssociation, identities);
        held.into_iter().for_each(|(key, arn)| sight.found(key, Found::Foreign(arn)));
        let issuer = issuer.as_deref();
        sight.listed(Type::OidcProvider, self.providers.map(|all| providers(aws, names, all, issuer)));
        // Where somebody else has the cluster, EKS writes somebody else's logs there.
        let log_group = self.log_group.filter(|_| !matches!(self.cluster, Ok(Named::Foreign(_))));
        log_group.into_iter().for_each(|listed| sight.listed(Type::LogGroup, listed));
        let cluster = match self.cluster {
            Ok(Named::Ours(item)) => Ok(vec![item]),
            Ok(Named::Absent) => Ok(Vec::new()),
            Ok(Named::Foreign(arn)) => {
                let key = Key { kind: Cluster::TYPE, name: aws.cluster.clone() };
                sight.found(key, Found::Foreign(arn));
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        };
        sight.listed(Type::Cluster, cluster);
        sight.listed(Type::Addon, inside(self.addons));
        match self.nodegroups {
            Err(_) if is_absent => {}
            Ok(groups) => {
                for other in &groups.others {
                    let clash = names
                        .iter()
                        .find(|(key, name)| is_nodegroup(key) && other.name.as_ref() == Some(name));
                    clash
                        .into_iter()
                        .for_each(|(key, _)| sight.found(key.clone(), Found::Foreign(other.id.clone())));
                }
                sight.listed(Type::Nodegroup, Ok(groups.ours));
            }
            Err(error) => sight.unread(Type::Nodegroup, error),
        }
    }
}

fn is_nodegroup(key: &Key) -> bool {
    key.kind == Type::Nodegroup
}

/// The associations that are ours or that the graph names, which are adopted; and those that it names and that
/// somebody else holds.
fn associations(aws: &Aws, names: &Names, (lives, owned): (Vec<Live>, Held)) -> (Vec<Item>, Held) {
    let mut held: Held = owned.into_iter().filter(|(key, _)| names.contains_key(key)).collect();
    let mut ours = Vec::new();
    for live in lives {
        let Some(key) = pod_identity_association::key_of(&live) else { continue };
        match (aws.is_marked(&live), names.contains_key(&key)) {
            (Some(true), _) | (None, true) => ours.push(Item { key, live: Ok(live) }),
            (Some(false), true) => held.push((key, live.id)),
            (Some(false) | None, false) => {}
        }
    }
    (ours, held)
}

/// The providers that are ours, and one for our cluster's issuer, which is adopted where the graph has one.
fn providers(aws: &Aws, names: &Names, lives: Vec<Live>, issuer: Option<&str>) -> Vec<Item> {
    let wanted = names.keys().find(|key| key.kind == Type::OidcProvider);
    let item = |live: Live| {
        let adopted = wanted.filter(|key| oidc_provider::is_adoptable(aws, &live, issuer, key)).cloned();
        let key = oidc_provider::key_of(aws, &live).or(adopted)?;
        Some(Item { key, live: Ok(live) })
    };
    lives.into_iter().filter_map(item).collect()
}

/// The log group where it is ours, and where the graph has it: one that EKS has made by itself is adopted.
async fn log_group(aws: &Aws, names: &Names) -> Option<Listed> {
    let wanted = names.keys().find(|key| key.kind == Type::LogGroup);
    let by = if wanted.is_some() { aws.reads.clone() } else { aws.reads.hasty() };
    let live = match log_group::of_cluster(aws, &by).await {
        Ok(live) => live,
        // Who has none need not have the right to ask for it, nor a way there, nor an AWS that knows of any.
        Err(error)
            if wanted.is_none()
                && matches!(error.class, Class::Denied | Class::Refused | Class::Ambiguous) =>
        {
            return None;
        }
        Err(error) => return Some(Err(error)),
    };
    let item = live.and_then(|live| {
        let key = match aws.is_marked(&live) {
            Some(true) => live.key().filter(|key| key.kind == Type::LogGroup),
            Some(false) => None,
            None => wanted.cloned(),
        };
        Some(Item { key: key?, live: Ok(live) })
    });
    Some(Ok(item.into_iter().collect()))
}

async fn nodegroups(aws: &Aws, names: &Names) -> Result<Nodegroups, WorldError> {
    let listed = nodegroup::names(aws).await?;
    let mut groups = Nodegroups::default();
    let read = join_all(listed.iter().map(|name| nodegroup::read(aws, name))).await;
    for (name, group) in listed.iter().zip(read) {
        let wanted = names.iter().find(|(key, its)| is_nodegroup(key) && *its == name);
        match group {
            Ok(None) => {}
            Ok(Some(live)) => match nodegroup::key(aws, &live) {
                Some(key) => groups.ours.push(Item { key, live: Ok(live) }),
                None => groups.others.push(live),
            },
            // Without its tags nobody knows its key, but for one that has the name that it would get.
            Err(error) => match wanted {
                Some((key, _)) => groups.ours.push(Item { key: key.clone(), live: Err(error) }),
                None => return Err(error),
            },
        }
    }
    Ok(groups)
}

/// The add-ons that are ours, and those that the graph names: inside our own cluster these are adopted.
async fn addons(aws: &Aws, names: &Names) -> Listed {
    let listed = addon::names(aws).await?;
    let read = join_all(listed.iter().map(|name| addon::read(aws, name))).await;
    let item = |(name, live): (&String, Result<Option<Live>, WorldError>)| {
        let by_name = addon::key(name);
        match live {
            Ok(None) => None,
            Err(error) => Some(Item { key: by_name, live: Err(error) }),
            Ok(Some(live)) => {
                let key = match aws.is_marked(&live) {
                    Some(true) => live.key().filter(|key| key.kind == Type::Addon),
                    Some(false) => None,
                    None => Some(by_name).filter(|key| names.contains_key(key)),
                };
                Some(Item { key: key?, live: Ok(live) })
            }
        }
    };
    Ok(listed.iter().zip(read).filter_map(item).collect())
}

/// The entries that are ours, and those that the graph names: inside our own cluster these are adopted.
async fn access_entries(aws: &Aws, names: &Names) -> Listed {
    let listed = access_entry::principals(aws).await?;
    let read = listed.into_iter().map(async |principal| {
        let key = access_entry::key(&principal);
        let live = match names.contains_key(&key) {
            true => access_entry::read(aws, &principal).await,
            false => access_entry::read_ours(aws, &principal).await,
        };
        let live = live.map(|live| live.filter(|live| aws.is_marked(live) != Some(false)));
        live.transpose().map(|live| Item { key, live })
    });
    Ok(join_all(read).await.into_iter().flatten().collect())
}
