//! `AWS::Logs::LogGroup`: where a control plane's logs are kept, and for how long.

use super::Operation;
use serde::Serialize;

use crate::resource::tags::TagChange;
use crate::resource::{Added, Calls, Comparison, Incomplete, Live, Place, Property, Remark, Resource};
use crate::resource::{STATELESS, Standing, Tags, properties, tags};

properties! {
    /// The logs of a control plane.
    pub struct LogGroup {
        /// Its name, which is its identity: EKS looks for the logs of a cluster there, and nowhere else.
        exact log_group_name: String => Protected;
        /// For how long its logs are kept, in days; for good if not said.
        exact retention_in_days: Retention => InPlace;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

/// For how many days logs are kept; for good, if for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Retention(pub Option<u32>);

impl Property for Retention {
    fn compare(&self, live: &Self, at: &Place, into: &mut Comparison) {
        if self != live {
            into.differ(at, live.0.as_ref(), self.0.as_ref());
            into.notes.extend(self.0.filter(|_| self.is_shorter(*live)).map(|days| Remark::Forgets { days }));
        }
    }
}

impl Retention {
    /// Whether logs go that were kept.
    fn is_shorter(self, before: Self) -> bool {
        self.0.is_some_and(|days| before.0.is_none_or(|before| days < before))
    }
}

impl LogGroup {
    /// The attribute by which tags are put; CloudWatch does not tell it of one that is made.
    pub const ARN: &'static str = "Arn";

    /// The one that EKS writes to.
    pub fn name_of(cluster: &str) -> String {
        format!("/aws/eks/{cluster}/cluster")
    }

    /// Whether it goes with its cluster. One that was there before may hold more than this cluster's logs.
    pub fn is_made(&self) -> bool {
        self.tags.get(tags::MADE).is_some()
    }

    fn retag(&self, live: &Live<Self>) -> Calls {
        let Some(arn) = live.attributes.get(Self::ARN) else {
            let is_tagged = self.tags.change(&live.properties.tags) == TagChange::default();
            return if is_tagged { Ok(Vec::new()) } else { Err(Incomplete::Lacks(Self::ARN)) };
        };
        let (untagged, tagged) = (arn.clone(), arn.clone());
        Ok(self.tags.retag(
            &live.properties.tags,
            |tag_keys| Operation::UntagResource { resource_arn: untagged, tag_keys },
            |tags| Operation::TagResource { resource_arn: tagged, tags },
        ))
    }

    /// The call that says for how long logs are kept.
    fn keep(&self) -> Operation {
        let log_group_name = self.log_group_name.clone();
        match self.retention_in_days.0 {
            Some(retention_in_days) => Operation::PutRetentionPolicy { log_group_name, retention_in_days },
            None => Operation::DeleteRetentionPolicy { log_group_name },
        }
    }
}

impl Resource for LogGroup {
    const ID: &'static str = "LogGroupName";
    const STATES: &'static [(&'static str, Standing)] = STATELESS;

    fn name(&self) -> Option<&str> {
        Some(&self.log_group_name)
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        let (log_group_name, mut marked) = (self.log_group_name.clone(), self.tags.clone());
        marked.0.insert(tags::MADE.to_owned(), "true".to_owned());
        let create = Operation::CreateLogGroup { log_group_name, tags: marked };
        let keep = self.retention_in_days.0.map(|_| self.keep());
        Ok([create].into_iter().chain(keep).map(Into::into).collect())
    }

    /// First what marks it as ours, which one that EKS has made by itself is not.
    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls {
        let retag = self.retag(live)?;
        let keep = how.touches("RetentionInDays").then(|| self.keep().into());
        Ok(retag.into_iter().chain(keep).collect())
    }

    fn delete(live: &Live<Self>) -> Calls {
        let log_group_name = live.properties.log_group_name.clone();
        Ok(vec![Operation::DeleteLogGroup { log_group_name }.into()])
    }
}
