//! Nodes that do not come while EKS is still making their group: EKS itself says so only after a long time, and why
//! it does not say at all.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use super::Watch;
use super::nodes::{self, Group, Short};
use crate::aws::Aws;
use crate::cluster::since;
use crate::kubernetes::Kubernetes;
use crate::ops::sight::Seen;
use crate::world::World;

/// How often it is looked, the first time once EKS has been at it for as long.
const LOOK: Duration = Duration::from_secs(10);
/// By when instances have joined as a rule. What would keep them from it whatever they do is said before.
const JOINED: Duration = Duration::from_secs(60);
/// How long may be looked for why, once a group was not made.
const LIMIT: Duration = Duration::from_secs(10);

impl Watch<'_> {
    /// Waits until AWS has nothing more to do, and tells meanwhile of nodes that do not come.
    pub(super) async fn until_applied(&self, server: &Kubernetes<&Aws>) {
        tokio::select! {
            biased;
            () = self.milestones.applied() => {}
            never = self.tell_missing(server) => match never {},
        }
    }

    async fn tell_missing(&self, server: &Kubernetes<&Aws>) -> Infallible {
        let mut told = BTreeMap::new();
        loop {
            self.world.wait(LOOK).await;
            for group in &self.job.groups {
                let why = self.missing_so_far(server, group).await;
                if !why.is_empty() && told.insert(&group.name, why.clone()) != Some(why.clone()) {
                    self.tell(Seen::Missing { nodegroup: group.name.clone(), why });
                }
            }
        }
    }

    async fn missing_so_far(&self, server: &Kubernetes<&Aws>, group: &Group) -> Vec<Short> {
        let made = |now| Some(since(now, self.milestones.made_since(&group.name)?));
        let Some(waited) = made(self.world.now()).filter(|waited| *waited >= LOOK) else { return Vec::new() };
        let mut why = self.missing(server, group).await;
        why.retain(|short| waited >= JOINED || matches!(short, Short::CutOff(_)));
        why
    }

    /// Why no nodes came of the groups that were not made.
    pub(super) async fn all_missing(&self, server: &Kubernetes<&Aws>) -> BTreeMap<String, Vec<Short>> {
        let mut missing = BTreeMap::new();
        for group in self.job.groups.iter().filter(|group| self.milestones.is_undone(&group.name)) {
            let why = tokio::select! {
                biased;
                () = self.stop.cancelled() => return missing,
                why = self.missing(server, group) => why,
                () = self.world.wait(LIMIT) => Vec::new(),
            };
            if !why.is_empty() {
                missing.insert(group.name.clone(), why);
            }
        }
        missing
    }

    /// Why nodes of a group do not come, beside what EKS says of the group. What cannot be read is not said.
    async fn missing(&self, server: &Kubernetes<&Aws>, group: &Group) -> Vec<Short> {
        let Ok(wanted) = nodes::wanted(self.world, &[group]).await else { return Vec::new() };
        let Some(wanted) = wanted.first() else { return Vec::new() };
        let joined = server.nodes().await.ok();
        let mut seen = wanted.among(joined.as_deref().unwrap_or_default());
        nodes::explain(self.world, &self.job.cluster, (wanted, &mut seen)).await;
        let is_known = |short: &Short| match short {
            Short::Unsettled(_) | Short::Health(_) => false,
            Short::NotJoined(_) | Short::NoCause(_) => joined.is_some(),
            Short::NotReady { .. } | Short::NoEntry(_) | Short::CutOff(_) | Short::NoCni => true,
        };
        seen.short.retain(is_known);
        seen.short
    }
}
